import type { Edge } from '../../model/edge.ts';
import { shortHash } from '../hash.ts';
import { type ClusterInput, item } from './input.ts';
import type { Item } from './manifest.ts';
import type { Site } from './site.ts';

/** Longest request: an upload over a slow connection, or a websocket */
const longestRequest = '1h';

/** Returns the HTTPRoutes of public names: one for all names that lead to the same */
export function siteRoutes(input: ClusterInput, name: string, site: Site): readonly Item[] {
  const pathsOf = (host: string) => JSON.stringify(site.paths(host));
  const alike = [...new Set(site.hosts.map(pathsOf))].map((paths) =>
    site.hosts.filter((host) => pathsOf(host) === paths),
  );
  return alike.map((hosts, index) => {
    const rules = site.paths(hosts[0] ?? '').map(({ prefix, strip, service, port }) => ({
      matches: [{ path: { type: 'PathPrefix', value: prefix } }],
      ...(strip && { filters: [stripped] }),
      backendRefs: [{ name: service, port }],
      timeouts: { request: longestRequest },
    }));
    const own = index === 0 ? name : `${name}-${shortHash(hosts.join(' '), 6)}`;
    return route(input, own, site.role, hosts, rules);
  });
}

const stripped = {
  type: 'URLRewrite',
  urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } },
};

/** Returns those of names that redirect */
export const redirectRoutes = (input: ClusterInput, role: string, edge: Edge): readonly Item[] =>
  (edge.redirects ?? []).map(({ from, to }) => {
    const { protocol, hostname } = new URL(to);
    const requestRedirect = { scheme: protocol.slice(0, -1), hostname, statusCode: 301 };
    const filters = [{ type: 'RequestRedirect', requestRedirect }];
    return route(input, `${role}-${shortHash(from, 6)}`, role, [from], [{ filters }]);
  });

function route(
  input: ClusterInput,
  name: string,
  role: string,
  hostnames: readonly string[],
  rules: readonly object[],
): Item {
  const { gateway } = input.settings;
  const parentRefs = gateway
    ? [{ name: gateway.name, namespace: gateway.namespace, sectionName: gateway.listener }]
    : [];
  return item(input, 'HTTPRoute', name, { spec: { parentRefs, hostnames, rules } }, { role });
}
