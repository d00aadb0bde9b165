import type { Edge, EdgeTls, Rule } from '../model/blueprint.ts';
import { ref } from '../model/value.ts';

/** How one public name is served: `acme` gets its own certificate, `upstream` trusts the provider's TLS gateway */
export type PublicTls =
  | { kind: 'acme'; contact: string; httpsPort?: number }
  | { kind: 'upstream'; gatewayNetworks: readonly string[] };

/** Traefik in front of one public name, with everything that the world may reach it on */
export function publicEdge(input: { role: string; domain: string; service: string; tls: PublicTls }): {
  edge: Edge;
  rules: readonly Rule[];
  url: string;
} {
  const { role, domain, service, tls } = input;
  const port = tls.kind === 'acme' ? (tls.httpsPort ?? 443) : 443;
  return {
    edge: {
      kind: 'traefik',
      image: 'docker.io/library/traefik:v3.6.12',
      domain,
      tls: edgeTls(tls),
      routes: [{ prefix: '/', service }],
      drainSeconds: 2,
    },
    rules: edgeRules(role, tls),
    url: `https://${domain}${port === 443 ? '' : `:${port}`}`,
  };
}

function edgeTls(tls: PublicTls): EdgeTls {
  if (tls.kind === 'upstream') return { kind: 'upstream', networks: tls.gatewayNetworks };
  return {
    kind: 'acme',
    email: tls.contact,
    directory: ref('acme.directory'),
    authority: ref('acme.authority'),
    httpsPort: tls.httpsPort ?? 443,
  };
}

function edgeRules(role: string, tls: PublicTls): readonly Rule[] {
  const rule = { to: role, protocol: 'tcp' } as const;
  if (tls.kind === 'upstream') {
    const from = { networks: tls.gatewayNetworks, name: 'gateway' };
    return [{ ...rule, from, port: 80, why: "users arrive through the provider's TLS gateway" }];
  }
  return [
    { ...rule, from: 'internet', port: 80, why: 'redirect to HTTPS, and the challenge of the certificate authority' },
    { ...rule, from: 'internet', port: 443, why: 'users open the site' },
  ];
}
