import { expect, test } from 'vitest';
import { problems } from '../../../../src/clouds/kubernetes/problems.ts';
import type { Blueprint, Role } from '../../../../src/model/blueprint.ts';
import type { Edge } from '../../../../src/model/edge.ts';
import type { Job } from '../../../../src/model/job.ts';
import { environment } from '../../../environment.ts';
import { shop } from '../../../stack/shop.ts';
import { container, role, supervised } from '../../render/fixtures.ts';

const clouds = { kubernetes: { kubeconfig: 'in-cluster', ingressClass: 'traefik' } as never };

/** The messages about a shop with one role */
const about = (own: Partial<Role>, more: Partial<Blueprint> = {}): readonly string[] =>
  problems({ ...shop, logStreams: [], roles: { web: role(own) }, ...more }, { ...environment, clouds }).map(
    ({ message, fix }) => `${message}: ${fix}`,
  );

const job = (own: Partial<Job>): Job => {
  const { kind: _, name: __, rollout: ___, ...step } = container();
  return { name: 'dump', when: { asked: true }, steps: [step], deadlineSeconds: 60, onceAcrossMachines: true, ...own };
};

const edge: Edge = {
  ...{ kind: 'traefik', tls: { kind: 'upstream', networks: [] }, drainSeconds: 2 },
  routes: [{ domain: 'shop.example.org', prefix: '/', service: 'app' }],
  uploads: { largestMb: 1, atOnce: 1 },
};

test('what every pod can have is no problem', () => {
  expect(about({ services: [container({ port: 8080 })], edge, jobs: [job({})] })).toEqual([]);
});

test.each<[string, Partial<Role>, RegExp]>([
  [
    'programs of a commit',
    { services: [supervised()] },
    /runs app from a git commit, and a pod runs images: choose a cloud of machines/,
  ],
  [
    'root',
    { services: [container({ user: '0:0' })] },
    /runs app as root, which the namespace refuses .*: give the container/,
  ],
  ['a user by name', { services: [container({ user: 'www' })] }, /as root/],
  [
    'one port twice',
    { services: [container({ port: 80 }), container({ name: 'other', port: 80 })] },
    /two containers that listen on port 80/,
  ],
  [
    'folders of the machine',
    { services: [container({ mounts: [{ kind: 'host', source: '/', path: '/host' }] })] },
    /runs app, which reads folders of its machine/,
  ],
  [
    'steps that run together and name no program',
    { jobs: [job({ steps: [{ ...job({}).steps[0], streams: true } as never] })] },
    /the jobs dump, of whose steps some run together, and one of them names no program: give each/,
  ],
  [
    'a calendar that no CronJob can say',
    { jobs: [job({ when: { calendar: 'Mon *-*-1..7 03:00', zone: 'UTC' } })] },
    /has a job at Mon \*-\*-1\.\.7 03:00, which a CronJob can't say/,
  ],
  [
    'names that redirect',
    { services: [container()], edge: { ...edge, redirects: [{ from: 'a.example.org', to: 'https://b.example.org' }] } },
    /an Ingress of class traefik can't say so: let them answer .* \(alsoAt\), or name an ingress-nginx/,
  ],
  [
    'a prefix that is stripped',
    { services: [container()], edge: { ...edge, routes: [{ prefix: '/api/', strip: true, service: 'app' }] } },
    /an Ingress can't say so/,
  ],
  [
    'a certificate from nowhere',
    {
      services: [container()],
      edge: { ...edge, tls: { kind: 'acme', email: 'ops@example.org', directory: '', authority: '', httpsPort: 443 } },
    },
    /is missing: the names of shop get their certificates from an authority/,
  ],
])('%s are one problem, with its way', (_, own, message) => {
  const found = about(own);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(message);
});

test('a number of pods follows the load where they are alike, and nowhere else', () => {
  const scaling = { max: 5, cpu: 70 };
  expect(about({ services: [container()], scaling })).toEqual([]);
  expect(about({ services: [container()], scaling, volume: { sizeGb: 10 } })).toEqual([
    'follows the load, and the pods of web have names that others call, or data of their own: write one number',
  ]);
});

test('a gateway strips prefixes and redirects, and has the certificates itself', () => {
  const gateway = { name: 'public', namespace: 'gateways', listener: 'https' };
  const atGateway = { kubernetes: { ...(clouds.kubernetes as object), gateway } as never };
  const told = (own: Partial<Edge>) =>
    problems(
      { ...shop, logStreams: [], roles: { web: role({ services: [container()], edge: { ...edge, ...own } }) } },
      { ...environment, clouds: atGateway },
    ).map(({ message }) => message);
  const acme = { kind: 'acme', email: 'ops@example.org', directory: '', authority: '', httpsPort: 443 } as const;
  expect(told({ tls: acme, routes: [{ prefix: '/api/', strip: true, service: 'app' }] })).toEqual([]);
  expect(told({ redirects: [{ from: 'a.example.org', to: 'https://b.example.org' }] })).toEqual([]);
  expect(told({ tls: { kind: 'files', certificate: '', key: '', httpsPort: 443 } })).toEqual([
    'has the certificates of its listeners, and the system brings one of its own (tls: files)',
  ]);
});

test('the machine that watches machines has nothing to watch', () => {
  expect(about({}, { roles: { monitoring: role() } })).toEqual([
    expect.stringMatching(/^watches machines by an exporter/),
  ]);
});
