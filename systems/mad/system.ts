import {
  assemble,
  balancerMachine,
  beside,
  type CacheFacts,
  type Container,
  cloudBalancer,
  type Declaration,
  internalEdge,
  machines,
  nginxImage,
  nginxServer,
  redisCache,
  ref,
  runs,
  type System,
  secret,
  type Value,
} from 'berth';
import { type Options, options } from './options.ts';

/**
 * Mad: clients report their health over websockets to an API, whose machines share state through a Redis; a page
 * displays it live
 */
const mad: System<Options> = {
  name: 'mad',
  options,
  roles: {
    api: { slot: 0 },
    balancer: { slot: 1 },
    web: { slot: 2 },
    client: { slot: 3 },
    // Only on clouds without a cache or balancer service
    redis: { slot: 4 },
    front: { slot: 5 },
  },
  pins: ['version', 'versions'],
  secrets: ({ redis }) =>
    redis.auth ? { [redisPassword]: 'the password of the cache: 16 to 128 letters and digits' } : {},
  local: {
    ...{ version: 'v1.0.0', contact: 'ops@example.org' },
    domains: { api: 'api.mad.localhost', web: 'mad.localhost' },
    ...{ api: { size: 'small' }, web: { size: 'small' }, client: { size: 'small' } },
    balancer: { size: 'small', publish: { 443: 8446 } },
    front: { size: 'small', publish: { 443: 8447 } },
    redis: { size: 'small' },
  },
  standIns: [
    ...['v1.0.0', 'v1.0.1'].map((version) => ({ ...standIn('api', version), arguments: { VERSION: version } })),
    { ...standIn('web', 'v1.0.0'), on: nginxImage },
    standIn('client', 'v1.0.0'),
  ],
  blueprint(options: Options): Declaration {
    const api = apiBalancer(options);
    const page = front(options);
    const heading = { system: 'mad', version: options.version, url: page.url, probe: { path: '/version' } };
    return assemble(heading, [
      machines('api', options.api, { address: 'public' }),
      internalEdge({ role: 'api', port: apiPort, service: 'api', uploads: options.uploads }),
      runs('api', apiServer(options)),
      api,
      machines('web', options.web, { address: 'public' }),
      internalEdge({ role: 'web', port: webPort, service: 'web', uploads: options.uploads }),
      runs('web', web(options, api.url)),
      page,
      // They call the API by its public name
      machines('client', options.client, { address: 'public', after: ['balancer'] }),
      runs('client', client(options)),
      cache(options),
    ]);
  },
};

export default mad;

const apiPort = 3000;
const webPort = 80;
/** File with the certificate of the authority by which the API checks the cache; empty where Node knows it already */
const redisAuthority = '/etc/berth-tls/authority.crt';
const redisPassword = 'redisPassword';
/** An unprivileged user that does not exist on the host */
const user = '10001:0';

type Part = 'api' | 'web' | 'client';

function published(part: Part, version: string): string {
  return `docker.io/amasselot/mad-${part}:${version}`;
}

const image = (part: Part, { version, versions }: Options): string => published(part, versions[part] ?? version);

function standIn(part: Part, version: string) {
  return { image: published(part, version), folder: beside(import.meta.url, `images/${part}`) };
}

const apiBalancer = ({ domains, contact, ...options }: Options) =>
  balancerMachine({
    name: 'balancer',
    domain: domains.api,
    to: { role: 'api', count: countOf(options.api), port: apiPort },
    sticky: true,
    machine: options.balancer,
    contact,
    uploads: options.uploads,
  });

const front = ({ domains, contact, certificate, ...options }: Options) =>
  cloudBalancer({
    name: 'front',
    domain: domains.web,
    to: { role: 'web', count: countOf(options.web), port: webPort },
    sticky: false,
    healthPath: '/health',
    certificate,
    machine: options.front ?? sizeOf(options.balancer),
    contact,
    uploads: options.uploads,
  });

const cache = ({ redis: { auth, acceptFormerPassword, ...machine } }: Options) =>
  redisCache({
    ...{ name: 'redis', calledBy: 'api', why: 'records of clients, and events' },
    ...{ password: auth ? redisPassword : undefined, acceptFormerPassword, machine },
  });

const sizeOf = ({ size, diskGb }: Options['balancer']) => ({ diskGb, ...(size !== undefined && { size }) });

const countOf = ({ count, hosts }: Options['api']): number => hosts?.length ?? count;

/** API for clients and pages over websockets; events reach all of its machines through the Redis */
const apiServer = (options: Options): Container => ({
  kind: 'container',
  name: 'api',
  image: image('api', options),
  env: redis(options),
  ...(options.env.api && { settings: options.env.api }),
  port: apiPort,
  calls: [],
  ...secretFiles(options),
  mounts: [],
  rollout: 'colours',
  health: { path: '/health', command: ['node', '-e', asksItself], deadlineSeconds: 60 },
  memoryMb: 300,
  cpus: 1,
  user,
  stopSeconds: 30,
});

const asksItself =
  `require('http').get('http://127.0.0.1:${apiPort}/health', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))` +
  ".on('error', () => process.exit(1))";

/** Connection settings of the cache; the scheme is `rediss` where it uses TLS */
function redis(options: Options): Record<string, Value> {
  const fact = (name: keyof CacheFacts) => ref(`caches.redis.${name}`);
  const place = { REDIS_HOST: fact('host'), REDIS_PORT: fact('port') };
  if (!options.redis.auth) return place;
  const asked = {
    ...{ ...place, REDIS_SCHEME: fact('scheme'), REDIS_PASSWORD: secret(redisPassword) },
    ...(options.redis.failover && { REDIS_SENTINELS: fact('sentinels') }),
  };
  // Node trusts it in addition to the authorities that it knows
  return options.redis.tls ? { ...asked, NODE_EXTRA_CA_CERTS: redisAuthority } : asked;
}

const secretFiles = ({ redis, secretFiles }: Options): Pick<Container, 'secretFiles'> =>
  redis.tls || secretFiles.api
    ? { secretFiles: { ...secretFiles.api, ...(redis.tls && { [redisAuthority]: ref('caches.redis.authority') }) } }
    : {};

/** Web server of the page. A configuration file gives it the API's URL, so that one image serves every environment. */
const web = (options: Options, apiUrl: string): Container =>
  nginxServer({
    name: 'web',
    image: image('web', options),
    files: {
      'nginx.conf': {
        template: 'nginx/mad-web.conf',
        folder: beside(import.meta.url, '.'),
        values: { version: options.version },
      },
      'config.json': { text: `${JSON.stringify({ apiUrl })}\n` },
    },
    healthPath: '/health',
    memoryMb: 100,
    stopSeconds: 30,
  });

/**
 * A client that reports its own health under a name that it chooses itself. It receives no connections, so replacing it
 * loses no requests.
 */
const client = (options: Options): Container => ({
  kind: 'container',
  name: 'client',
  image: image('client', options),
  env: {
    API_URL: `https://${options.domains.api}`,
    // The file is empty where Node already trusts the authority
    NODE_EXTRA_CA_CERTS: '/etc/berth/roots.pem',
  },
  ...(options.env.client && { settings: options.env.client }),
  calls: [],
  ...(options.secretFiles.client && { secretFiles: options.secretFiles.client }),
  config: { path: '/etc/berth', files: { 'roots.pem': { text: ref('acme.roots') } } },
  mounts: [],
  rollout: 'replace',
  memoryMb: 150,
  cpus: 0.5,
  user,
  stopSeconds: 10,
});
