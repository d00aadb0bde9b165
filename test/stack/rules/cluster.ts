import type { Blueprint } from '../../../src/model/blueprint.ts';
import { machinesOf } from '../../../src/model/machines.ts';
import { machineName } from '../../../src/model/names.ts';
import { at, listAt } from '../../../src/policy/policy.ts';
import type { Manifest } from '../../../src/render/cluster/manifest.ts';
import { among, type Door, either, within } from './doors.ts';

const component = 'app.kubernetes.io/component';

/**
 * By the policies of a namespace, as their API describes them: one that selects a pod closes it to all but what it lists,
 * and several add up. The namespace of the ingress stands for the internet.
 */
export function clusterDoors(manifests: readonly Manifest[], blueprint: Blueprint): readonly Door[] {
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => spec);
  return machinesOf(blueprint).flatMap(({ machine }): Door[] => {
    const own = policies.filter((spec) => selects(at(spec, 'podSelector'), machine.role));
    // A pod that no policy selects is open
    if (own.length === 0)
      return [{ to: machineName(machine), admits: within('0.0.0.0/0'), protocol: 'tcp', ports: [1, 65_535] }];
    return own.flatMap((spec) =>
      listAt(spec, 'ingress').flatMap((rule) =>
        listAt(rule, 'ports').map((port): Door => {
          const number = Number(at(port, 'port'));
          return {
            to: machineName(machine),
            admits: either(...listAt(rule, 'from').map((from) => admitted(from, blueprint))),
            protocol: `${at(port, 'protocol')}`.toLowerCase() as 'tcp' | 'udp',
            ports: [number, number],
          };
        }),
      ),
    );
  });
}

function admitted(from: unknown, blueprint: Blueprint) {
  const cidr = at(from, 'ipBlock', 'cidr');
  if (typeof cidr === 'string') return within(cidr);
  if (at(from, 'namespaceSelector', 'matchLabels', 'kubernetes.io/metadata.name') === 'ingress')
    return within('0.0.0.0/0');
  const names = machinesOf(blueprint).filter(({ machine }) => selects(at(from, 'podSelector'), machine.role));
  return among(names.map(({ machine }) => machineName(machine)));
}

function selects(selector: unknown, role: string): boolean {
  const labels = Object.entries(Object(at(selector, 'matchLabels')));
  return labels.every(([key, value]) => key === component && value === role);
}
