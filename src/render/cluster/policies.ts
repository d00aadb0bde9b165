import { isPublic } from '../../model/inCluster.ts';
import { openings } from '../../model/openings.ts';
import { type ClusterInput, item, jobLabels, podLabels } from './input.ts';
import type { Item } from './manifest.ts';

/**
 * Returns the policies of a system's namespace: nothing reaches a pod but what a rule names. Pods call out freely, as
 * machines do. What the internet may reach is reached by the ingress alone.
 */
export function policyItems(input: ClusterInput, operators: readonly string[]): readonly Item[] {
  const { blueprint } = input;
  const closed = item(input, 'NetworkPolicy', 'closed', { spec: { podSelector: {}, policyTypes: ['Ingress'] } });
  const opened = Object.keys(blueprint.roles).flatMap((role) => {
    const rules = blueprint.rules.filter(({ to, protocol }) => to === role && protocol !== 'vrrp');
    const ingress = openings(rules, operators).map(({ from, port, protocol }) => ({
      from: sources(input, role, from),
      ports: [{ port, protocol: protocol.toUpperCase() }],
    }));
    if (ingress.length === 0) return [];
    const spec = { podSelector: { matchLabels: podLabels(role) }, policyTypes: ['Ingress'], ingress };
    return [item(input, 'NetworkPolicy', `to-${role}`, { spec }, { key: `to-${role}` })];
  });
  return [closed, ...opened];
}

type From = ReturnType<typeof openings>[number]['from'];

function sources(input: ClusterInput, role: string, from: From): readonly object[] {
  const { blueprint, settings } = input;
  const ingress = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': settings.ingressNamespace } },
  };
  if (from.kind === 'internet') return [ingress];
  if (from.kind === 'role') {
    if (!(from.role in blueprint.roles)) return [ingress];
    // A role's jobs call what the role calls
    return [podLabels(from.role), jobLabels(from.role)].map((matchLabels) => ({ podSelector: { matchLabels } }));
  }
  // Whoever opens the site from these networks comes through the ingress
  if (from.kind === 'networks' && isPublic(blueprint.roles[role]?.edge)) return [ingress];
  return from.networks.map((cidr) => ({ ipBlock: { cidr } }));
}
