import {
  asked,
  assemble,
  type Bucket,
  type BucketFact,
  beside,
  type Container,
  type Declaration,
  type Environment,
  fields,
  logShipping,
  machines,
  neighbour,
  publicEdge,
  publicTls,
  ref,
  runs,
  type System,
  tlsSecrets,
  uploadsMb,
  type Value,
  z,
} from 'berth';

const options = fields.withTls({
  version: fields.version.describe('the release of both images, for example 3.3.0'),
  domain: fields.domain.describe('the public name of the site'),
  ...fields.otherNames,
  storage: z.enum(['s3', 'swift']).default('s3').describe('the protocol of the object storage for uploads'),
  web: fields.machine.describe('the one machine'),
  env: fields.env().default({}).describe("further settings of the application's backend, passed through unchanged"),
  secretFiles: fields.secretFiles.default({}),
  uploads: fields.uploads,
  images: z
    .strictObject({ backend: fields.image.optional(), frontend: fields.image.optional() })
    .default({})
    .describe('other images than the published ones of this version'),
});

type Options = z.infer<typeof options>;

/** Basegun: a web page uploads a photo of a firearm, and an API identifies the weapon and logs every request */
const basegun: System<Options> = {
  name: 'basegun',
  options,
  roles: { web: { slot: 0 } },
  pins: ['version', 'images'],
  secrets: tlsSecrets,
  local: {
    ...{ version: '3.3.0', domain: 'basegun.localhost', tls: 'acme', contact: 'ops@example.org' },
    web: { size: 'small', diskGb: 10, publish: { 80: 8080, 443: 8443 } },
  },
  standIns: ['3.3.0', '3.3.1'].flatMap((version) =>
    ['backend', 'frontend'].map((part) => ({
      image: image(part, version),
      folder: beside(import.meta.url, `images/${part}`),
      arguments: { VERSION: version },
    })),
  ),
  blueprint(options: Options, environment: Environment): Declaration {
    const site = publicEdge({
      role: 'web',
      sites: [{ domain: options.domain, prefix: '/', service: 'frontend' }],
      names: options,
      tls: publicTls(options, options.web.publish),
      uploads: options.uploads,
    });
    const heading = { system: 'basegun', version: options.version, url: site.url, probe: { path: '/api/version' } };
    return assemble(heading, [
      machines('web', options.web, { address: 'reserved' }),
      site,
      runs('web', backend(options, environment), frontend(options)),
      logShipping({ role: 'web', stream: 'app', folder: 'backend', glob: '*/log.json*', user: `${appUser}:0` }),
      { buckets: [photos(options)] },
    ]);
  },
};

export default basegun;

/** An unprivileged user that does not exist on the host */
const appUser = 10001;
/** Time limit of a request: covers an upload over a slow connection and the model's answer */
const requestSeconds = 1800;

function image(part: string, version: string): string {
  return `ghcr.io/datalab-mi/basegun/basegun-${part}:${version}`;
}

const photos = (options: Options): Bucket => ({ name: 'uploads', apis: [options.storage] });

const asksItself =
  "import http.client as c; a = c.HTTPConnection('127.0.0.1', 5000, timeout=3); a.request('GET', '/version'); " +
  'exit(a.getresponse().status // 100 != 2)';

function backend(options: Options, environment: Environment): Container {
  return {
    kind: 'container',
    name: 'backend',
    image: options.images.backend ?? image('backend', options.version),
    env: { PATH_LOGS: '/app/logs', WORKSPACE: environment.name, HOME: '/tmp', ...storage(options) },
    settings: options.env,
    port: 5000,
    calls: [],
    secretFiles: options.secretFiles,
    // The application empties its log folder when it starts, so each release has its own
    mounts: [
      { kind: 'logs', name: 'backend', path: '/app/logs', readOnly: false, perRelease: true, owner: `${appUser}:0` },
    ],
    rollout: 'colours',
    health: {
      path: '/version',
      command: ['python3', '-c', asksItself],
      deadlineSeconds: 120,
    },
    memoryMb: 700,
    scratchMb: uploadsMb(options.uploads),
    cpus: 2,
    user: `${appUser}:0`,
    stopSeconds: 40,
  };
}

function frontend(options: Options): Container {
  const nginx = {
    template: 'nginx/basegun.conf',
    folder: beside(import.meta.url, '.'),
    values: {
      backend: neighbour('backend'),
      requestSeconds: `${requestSeconds}`,
      largestMb: `${options.uploads.largestMb}`,
    },
  };
  return {
    kind: 'container',
    name: 'frontend',
    image: options.images.frontend ?? image('frontend', options.version),
    command: ['nginx', '-c', '/etc/berth/nginx.conf', '-g', 'daemon off;'],
    env: {},
    port: 8080,
    calls: ['backend'],
    config: { path: '/etc/berth', files: { 'nginx.conf': nginx } },
    mounts: [],
    rollout: 'colours',
    health: {
      path: '/',
      command: ['sh', '-c', asked('http://127.0.0.1:8080/')],
      deadlineSeconds: 60,
    },
    check: ['nginx', '-t', '-c', '/etc/berth/nginx.conf'],
    memoryMb: 100,
    scratchMb: uploadsMb(options.uploads),
    cpus: 1,
    user: `${appUser}:0`,
    stopSeconds: 40,
  };
}

function storage(options: Options): Record<string, Value> {
  const fact = (name: BucketFact) => ref(`buckets.uploads.${name}`);
  if (options.storage === 'swift') {
    return {
      OS_AUTH_URL: fact('endpoint'),
      OS_CONTAINER: fact('bucket'),
      OS_REGION_NAME: fact('region'),
      OS_USERNAME: fact('username'),
      OS_PASSWORD: fact('password'),
      OS_PROJECT_NAME: fact('project'),
    };
  }
  return {
    S3_URL_ENDPOINT: fact('endpoint'),
    S3_BUCKET_NAME: fact('bucket'),
    AWS_DEFAULT_REGION: fact('region'),
    AWS_ACCESS_KEY_ID: fact('accessKey'),
    AWS_SECRET_ACCESS_KEY: fact('secretKey'),
  };
}
