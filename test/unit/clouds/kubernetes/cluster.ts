import { createServer, type Server } from 'node:https';
import { json } from 'node:stream/consumers';
import { stringify } from 'yaml';
import { authorityOf, certificateOf } from '../../../certificate.ts';

/** What a cluster holds, by path; a path that is not here is answered with 404 */
export interface Held {
  version?: { major: string; minor: string; gitVersion: string };
  objects?: Readonly<Record<string, unknown>>;
  /** Resources that the login may not make */
  denied?: readonly string[];
}

export const token = 'token-of-a-deployer';

export const named = (name: string, metadata: object = {}) => ({ metadata: { name, ...metadata } });

/** A cluster in which everything is right */
export const right: Held = {
  version: { major: '1', minor: '34', gitVersion: 'v1.34.4' },
  objects: {
    '/apis/networking.k8s.io/v1/ingressclasses': { items: [named('traefik'), named('nginx')] },
    '/api/v1/namespaces/ingress': named('ingress'),
    '/apis/storage.k8s.io/v1/storageclasses': {
      items: [
        named('fast', { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }),
        named('slow', { annotations: {} }),
      ],
    },
    '/apis/cert-manager.io/v1/clusterissuers/letsencrypt': named('letsencrypt'),
  },
};

const authority = authorityOf('cluster');
const pair = certificateOf(['127.0.0.1'], 90, authority);

/** The part of a cluster's API that is asked, over TLS on loopback */
export async function startCluster(held: Held): Promise<{ kubeconfig: string; asked: string[]; stop(): void }> {
  const asked: string[] = [];
  const server: Server = createServer({ cert: pair.certificate, key: pair.key }, (request, response) => {
    const { url = '', method } = request;
    asked.push(`${method} ${url}`);
    const answer = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
    if (request.headers.authorization !== `Bearer ${token}`) return answer(401, {});
    if (url === '/apis') return answer(200, {});
    if (url === '/version') return answer(200, held.version);
    if (method === 'POST')
      return json(request).then((body) => {
        const { resource } = (body as { spec: { resourceAttributes: { resource: string } } }).spec.resourceAttributes;
        answer(201, { status: { allowed: !held.denied?.includes(resource) } });
      });
    const found = held.objects?.[url];
    return answer(found === undefined ? 404 : 200, found ?? {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { kubeconfig: kubeconfigOf(`https://127.0.0.1:${port}`), asked, stop: () => server.close() };
}

/** @param user @default one who is known */
export const kubeconfigOf = (server: string, user: object = { token }, by = authority.certificate): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'prod',
    contexts: [{ name: 'prod', context: { cluster: 'here', user: 'deployer' } }],
    clusters: [{ name: 'here', cluster: { server, 'certificate-authority-data': Buffer.from(by).toString('base64') } }],
    users: [{ name: 'deployer', user }],
  });
