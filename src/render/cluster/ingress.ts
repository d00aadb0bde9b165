import type { Edge } from '../../model/edge.ts';
import { resolve } from '../../model/value.ts';
import { shortHash } from '../hash.ts';
import { type ClusterInput, item } from './input.ts';
import { type Item, notAwaited } from './manifest.ts';
import type { Site } from './site.ts';

/** Longest request: an upload over a slow connection, or a websocket */
const requestSeconds = '3600';

/** Returns the Ingress of public names, with the Secret of their own certificate */
export function siteIngress(input: ClusterInput, name: string, site: Site): readonly Item[] {
  const { ingressClass } = input.settings;
  const tls = tlsOf(input, name, site.tls, site.hosts);
  const rules = site.hosts.map((host) => ({
    host,
    http: {
      paths: site.paths(host).map(({ prefix, service, port }) => ({
        ...{ path: prefix, pathType: 'Prefix' },
        backend: { service: { name: service, port: { number: port } } },
      })),
    },
  }));
  const annotations = { ...nginx(site), ...tls.annotations, ...notAwaited };
  const spec = { ingressClassName: ingressClass, ...(tls.block && { tls: tls.block }), rules };
  return [...tls.items, item(input, 'Ingress', name, { spec }, { role: site.role, annotations })];
}

/** What ingress-nginx limits by itself and Traefik does not: size of a body and time of a request */
const nginx = ({ uploads, sticky }: Pick<Site, 'uploads' | 'sticky'>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries({
      'proxy-body-size': `${uploads.largestMb}m`,
      'proxy-read-timeout': requestSeconds,
      'proxy-send-timeout': requestSeconds,
      'proxy-request-buffering': 'off',
      ...(sticky && { affinity: 'cookie', 'session-cookie-samesite': 'Lax' }),
    }).map(([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value]),
  );

/** Names that redirect; only ingress-nginx does it by an annotation, which the cloud's checks know */
export const redirectIngresses = (input: ClusterInput, role: string, edge: Edge): readonly Item[] =>
  (edge.redirects ?? []).map(({ from, to }) => {
    const tls = tlsOf(input, `${role}-${shortHash(from, 6)}`, edge.tls, [from]);
    const annotations = { 'nginx.ingress.kubernetes.io/permanent-redirect': `${to}$request_uri` };
    const spec = {
      ingressClassName: input.settings.ingressClass,
      ...(tls.block && { tls: tls.block }),
      rules: [{ host: from }],
    };
    return item(
      input,
      'Ingress',
      `${role}-${shortHash(from, 6)}`,
      { spec },
      { role, annotations: { ...annotations, ...tls.annotations, ...notAwaited } },
    );
  });

function tlsOf(input: ClusterInput, name: string, tls: Edge['tls'], hosts: readonly string[]): Tls {
  const { issuer, certResolver } = input.settings;
  if (tls.kind === 'files') {
    const [certificate, key] = [tls.certificate, tls.key].map((one) => resolve(one, input.facts, input.secrets));
    const stringData = { 'tls.crt': certificate, 'tls.key': key };
    const secretName = `${name}-tls-${shortHash(JSON.stringify(stringData))}`;
    const fields = { type: 'kubernetes.io/tls', immutable: true, stringData };
    return {
      annotations: onTls,
      block: [{ hosts, secretName }],
      items: [item(input, 'Secret', secretName, fields, { key: `${name}-tls`, holds: 'content' })],
    };
  }
  if (tls.kind !== 'acme') return { annotations: {}, items: [] };
  if (issuer !== undefined)
    return {
      annotations: { 'cert-manager.io/cluster-issuer': issuer, ...onTls },
      block: [{ hosts, secretName: `${name}-tls` }],
      items: [],
    };
  const resolver = certResolver === undefined ? {} : { [`${router}.tls.certresolver`]: certResolver };
  return { annotations: { ...onTls, ...resolver }, block: [{ hosts }], items: [] };
}

interface Tls {
  annotations: Readonly<Record<string, string>>;
  block?: readonly object[];
  items: readonly Item[];
}

const router = 'traefik.ingress.kubernetes.io/router';

/** Traefik serves a name in the clear too, unless it is told otherwise */
const onTls = { [`${router}.entrypoints`]: 'websecure', [`${router}.tls`]: 'true' };
