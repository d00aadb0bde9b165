import type { Declaration } from '../model/blueprint.ts';
import { grafanaService, type MonitoringOptions, monitoringRole, monitoringUsers } from '../model/monitoring.ts';
import { machineFact, machineName } from '../model/names.ts';
import { ref, secret } from '../model/value.ts';
import type { ProbedSite } from './blackbox.ts';
import { type PublicTls, publicEdge } from './web.ts';

interface Pages extends Omit<ReturnType<typeof publicEdge>, 'url'> {
  url: Readonly<Record<'prometheus' | 'alerts' | 'grafana', string>>;
  sites: readonly ProbedSite[];
}

/** Returns the public pages of the machine that watches: two require a login from `monitoringUsers`, Grafana has its own */
export function monitoringPages(declared: Declaration, options: MonitoringOptions): Pages {
  const { domain = declared.domain ?? new URL(declared.url).hostname } = options;
  const name = (page: string) => `${page}.${domain}`;
  const login = { users: secret(monitoringUsers) };
  const site = publicEdge({
    role: monitoringRole,
    sites: [
      { domain: name('prometheus'), prefix: '/', service: 'prometheus', ...login },
      { domain: name('alerts'), prefix: '/', service: 'alertmanager', ...login },
      { domain: name('grafana'), prefix: '/', service: grafanaService },
    ],
    tls: tlsOf(declared, options),
    // Queries and silences, nothing larger
    uploads: { largestMb: 5, atOnce: 2 },
  });
  return {
    ...site,
    url: {
      prometheus: `https://${name('prometheus')}`,
      alerts: `https://${name('alerts')}`,
      grafana: `https://${name('grafana')}`,
    },
    sites: ['prometheus', 'alerts'].map((page) => ({
      ...{ domain: name(page), path: '/', answers: 'login' as const },
      machine: machineName({ system: declared.system, role: monitoringRole, index: 0 }),
      address: ref(machineFact(monitoringRole, 0, 'publicAddress')),
    })),
  };
}

function tlsOf({ roles, caches, balancers }: Declaration, { contact, publish }: MonitoringOptions): PublicTls {
  const all = [...Object.values(roles), ...[...caches, ...balancers].map(({ inItsPlace }) => inItsPlace)];
  const [known = ''] = all.flatMap(({ edge }) => (edge?.tls.kind === 'acme' ? [edge.tls.email] : []));
  const httpsPort = publish?.[443];
  return { kind: 'acme', contact: contact ?? known, ...(httpsPort !== undefined && { httpsPort }) };
}
