import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { planned } from '../../src/model/rolePlans.ts';
import { bundle } from '../../src/render/bundle.ts';
import { machineNeeds } from '../../src/render/needs.ts';
import catalogage from '../../systems/catalogage/system.ts';
import { certificateOf, type Pair } from '../certificate.ts';
import { environment } from '../environment.ts';
import {
  containerName,
  docker,
  folderOf,
  machineImage,
  ownContainer,
  required,
  serviceImage,
  writeFiles,
} from './docker.ts';
import { startMachine } from './machine.ts';

// The machine's own nginx reads what is rendered for it: Debian 13's, from an image that has it.

const common = { ref: '1.4.0', domain: 'catalogue.example.org', web: { size: 'small' } };
const tls = {
  acme: { tls: 'acme', contact: 'ops@example.org' },
  files: { tls: 'files' },
  upstream: { tls: 'upstream', gatewayNetworks: ['203.0.113.0/28', '203.0.113.64/28'] },
};

const pair = certificateOf(['catalogue.example.org']);

/** A service behind the edge: it answers with what it was asked, and with long headers under /long */
const answering = `server {
  listen 127.0.0.1:21000;
  location / { return 200 "$request_uri prefix=$http_x_forwarded_prefix $http_connection $http_upgrade\\n"; }
  location /long { ${`add_header Link "${'x'.repeat(2_500)}";`.repeat(8)} return 200 long; }
  location /gone { return 444; }
}
`;

/** The site and its routes as nginx finds them on a machine, with the certificate that lies beside them */
function files(kind: keyof typeof tls, more: object = {}, own: Pair = pair): Record<string, string> {
  const options = catalogage.options.parse({ ...common, ...tls[kind], ...more });
  const blueprint = planned(catalogage, catalogage.blueprint(options, environment), options);
  const { web: role } = blueprint.roles;
  if (!role) throw new Error('no role web');
  const machine = { system: 'catalogage', role: 'web', index: 0 };
  const { entries } = bundle({
    ...{ blueprint, role, machine, operators: environment.operators, user: 'berth', deployKey: '', images: {} },
    facts: Object.fromEntries(machineNeeds(blueprint, role, machine).refs.map((name) => [name, `of-${name}`])),
    ...{
      secrets: { databaseUrl: 'postgresql://db', certificate: own.certificate, certificateKey: own.key },
      secretFacts: [],
      plainRegistries: [],
      logins: {},
      containerRange: '172.30.192.0/18',
      restartEdge: false,
    },
  });
  const routes = (entries['routes.conf'] ?? '')
    .replace(/@(?:client|server)@/g, '21000')
    .replaceAll('@generation@', '7')
    .replace(/\/var\/lib\/berth\/\S+\/(fullchain|privkey)\.pem/g, '/given/$1.pem')
    .replaceAll('/etc/berth/catalogage/certificate/', '/given/');
  const site = (entries['files/etc/nginx/conf.d/berth-catalogage.conf'] ?? '').replace(
    /include .*;/,
    'include /given/routes.conf;',
  );
  const closed = Object.entries(entries).flatMap(([path, text]) => {
    const [, place] = /^files\/etc\/berth\/catalogage\/certificate\/(.+)$/.exec(path) ?? [];
    return place === undefined ? [] : [[place, text] as const];
  });
  return {
    ...Object.fromEntries(closed),
    'site.conf': site,
    'routes.conf': routes,
    'nginx.conf': `events {}\nhttp {\n  include /given/site.conf;\n${answering}}\n`,
  };
}

/** The edge at work: each script's answer */
async function asked(scripts: readonly string[], image: string): Promise<readonly string[]> {
  const given = files('upstream');
  const volume = ['--volume', `${folderOf({ ...given, pid: '' })}:/given`];
  const started = await docker(
    ...['run', '--detach', ...ownContainer('edge'), '--network', 'none', ...volume, ...logs],
    ...['--user', '0:0', '--entrypoint', 'nginx', image, '-c', '/given/nginx.conf', '-g', 'daemon off;'],
  );
  expect(started.code, started.output).toBe(0);
  try {
    const answers: string[] = [];
    await docker('exec', containerName('edge'), 'sh', '-c', 'until curl -so /dev/null 127.0.0.1; do sleep 0.1; done');
    for (const script of scripts)
      answers.push((await docker('exec', containerName('edge'), 'sh', '-c', script)).output);
    return answers;
  } finally {
    await docker('rm', '--force', containerName('edge'));
  }
}

/** The folder that a release makes */
const logs = ['--tmpfs', '/var/log/nginx/berth-catalogage'];

const image = serviceImage('ghcr.io/datalab-mi/basegun/basegun-frontend:3.3.0');

/** A folder with these files and a certificate */
async function withCertificate(given: Record<string, string>, machine: string): Promise<string> {
  const folder = folderOf(given);
  const subject = ['-nodes', '-days', '1', '-subj', '/CN=catalogue.example.org'];
  const make = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', ...subject];
  const place = ['-keyout', '/given/privkey.pem', '-out', '/given/fullchain.pem'];
  const volume = ['--network', 'none', '--volume', `${folder}:/given`];
  const made = await docker(
    'run',
    ...ownContainer('certificate'),
    ...volume,
    '--entrypoint',
    'openssl',
    machine,
    ...make,
    ...place,
  );
  expect(made.code, made.output).toBe(0);
  return folder;
}

/** What nginx says of the files, after a certificate has been made for them */
async function accepted(given: Record<string, string>, images: { nginx: string; machine: string }) {
  const folder = await withCertificate(given, images.machine);
  const volume = ['--network', 'none', '--volume', `${folder}:/given`];
  const user = [...logs, '--user', '0:0', '--entrypoint', 'nginx'];
  return docker('run', ...ownContainer('nginx'), ...volume, ...user, images.nginx, '-t', '-c', '/given/nginx.conf');
}

test.for(['acme', 'files', 'upstream'] as const)(
  'nginx accepts the edge with tls %s, and no mistake in it',
  async (kind, context) => {
    const images = { nginx: required(await image, context), machine: required(await machineImage, context) };
    const right = await accepted(files(kind), images);
    expect(right.code, right.output).toBe(0);
    const given = files(kind);
    const wrong = await accepted(
      { ...given, 'routes.conf': (given['routes.conf'] ?? '').replace('proxy_pass', 'proxy_paas') },
      images,
    );
    expect(wrong.output).toContain('unknown directive "proxy_paas"');
  },
);

test('a path arrives as it was sent, with the prefix that was taken away, and nobody else says one', async (context) => {
  const nginx = required(await image, context);
  const visit = (path: string, ...words: string[]) =>
    `curl -s --path-as-is -H 'Host: catalogue.example.org' -H 'X-Forwarded-Prefix: /evil' ${words.join(' ')} 'http://127.0.0.1${path}'`;
  const paths = ['/api/a%2Fb%20c?d=%2F', '/plain%2Fpath', '/api/a//b', '/%61pi/x'];
  const upgrade = visit('/api/socket', "-H 'Upgrade: websocket'", "-H 'Connection: Upgrade'");
  const log = 'cat /var/log/nginx/berth-catalogage/access.log';
  const scripts = [...paths.map((path) => visit(path)), upgrade, visit('/api/long', '-o /dev/null -w "%{http_code}"')];
  const [sent, plain, double, odd, socket, long, gone, logged] = await asked(
    [...scripts, visit('/api/gone'), log],
    nginx,
  );
  expect(sent).toBe('/a%2Fb%20c?d=%2F prefix=/api  \n');
  expect(plain).toBe('/plain%2Fpath prefix=  \n');
  expect(double).toBe('/a//b prefix=/api  \n');
  expect(odd).toContain('404 Not Found');
  expect(socket).toBe('/socket prefix=/api upgrade websocket\n');
  expect(long).toBe('200');
  // What a visitor sees in its place hides nothing from who reads the log
  expect(gone).toContain('Back in a moment');
  expect(logged).toMatch(/"GET \/api\/gone HTTP\/1.1" 503 .* upstream=127\.0\.0\.1:21000:502 of=server in /);
  // Each request under its service, the one that a page of ours answered included; what no service was asked for is none
  expect(await counted(logged ?? '')).toEqual([
    'berth_edge_requests_total{system="catalogage",service="client",code="200"} 2',
    'berth_edge_requests_total{system="catalogage",service="server",code="200"} 4',
    'berth_edge_requests_total{system="catalogage",service="server",code="404"} 1',
    'berth_edge_requests_total{system="catalogage",service="server",code="503"} 1',
  ]);
});

/** The figures that the machine's engine counts from a log */
async function counted(logged: string): Promise<readonly string[]> {
  const root = folderOf({ 'var/log/nginx/berth-catalogage/access.log': '', 'var/lib/berth/catalogage/.keep': '' });
  const engine = new URL('../../src/hosts/host', import.meta.url).pathname;
  const count = async () => {
    const program = `import pathlib, machine, tell, edge_figures as of
of.write(machine.Machine('catalogage', tell.Teller([]), pathlib.Path('${root}')))`;
    await promisify(execFile)('python3', ['-B', '-c', program], { env: { ...process.env, PYTHONPATH: engine } });
  };
  await count();
  writeFileSync(join(root, 'var/log/nginx/berth-catalogage/access.log'), logged);
  await count();
  const told = readFileSync(join(root, 'var/lib/berth/figures/catalogage.edge.prom'), 'utf8');
  return told.split('\n').filter((line) => line.startsWith('berth_edge_requests_total'));
}

test.for(['acme', 'upstream'] as const)(
  'with tls %s further names of a site answer as it does, or redirect to it with path and query',
  async (kind, context) => {
    const images = { nginx: required(await image, context), machine: required(await machineImage, context) };
    const machine = await startMachine('visitor');
    onTestFinished(async () => {
      await docker('rm', '--force', containerName('serving'));
      await machine?.remove();
    });
    const names = { alsoAt: ['also.example.net'], redirectFrom: ['old.example.net'] };
    const folder = await withCertificate(files(kind, names), images.machine);
    const place = ['--network', machine?.network ?? '', '--volume', `${folder}:/given`, '--user', '0:0'];
    const words = ['--entrypoint', 'nginx', images.nginx, '-c', '/given/nginx.conf', '-g', 'daemon off;'];
    const started = await docker('run', '--detach', ...logs, ...ownContainer('serving'), ...place, ...words);
    expect(started.code, started.output).toBe(0);
    const scheme = kind === 'acme' ? 'https' : 'http';
    const ask = async (name: string, path: string) => {
      const resolved = [80, 443].map((port) => `--resolve ${name}:${port}:127.0.0.1`).join(' ');
      const patient = '--retry 20 --retry-delay 1 --retry-connrefused --max-time 20';
      const asked = `curl --silent --insecure ${patient} --dump-header - ${resolved} '${scheme}://${name}${path}'`;
      return (await machine?.run(asked))?.output ?? '';
    };
    for (const name of ['catalogue.example.org', 'also.example.net'])
      expect(await ask(name, '/.well-known/version')).toMatch(/^HTTP\/\S+ 200[\s\S]*1\.4\.0$/);
    const redirected = await ask('old.example.net', '/a/b?c=d&e');
    expect(redirected).toMatch(/^HTTP\/\S+ 308[\s\S]*location: https:\/\/catalogue\.example\.org\/a\/b\?c=d&e\r\n/i);
  },
);

test("a certificate of one's own is served, and a renewed one from a reload on, without a failed request", async (context) => {
  const images = { nginx: required(await image, context), machine: required(await machineImage, context) };
  const machine = await startMachine('renewal');
  onTestFinished(async () => {
    await docker('rm', '--force', containerName('renewed'));
    await machine?.remove();
  });
  const [first, second] = [pair, certificateOf(['catalogue.example.org'])];
  const folder = folderOf(files('files', {}, first));
  const place = ['--network', machine?.network ?? '', '--volume', `${folder}:/given`, '--user', '0:0'];
  const words = ['--entrypoint', 'nginx', images.nginx, '-c', '/given/nginx.conf', '-g', 'daemon off;'];
  const started = await docker('run', '--detach', ...ownContainer('renewed'), ...logs, ...place, ...words);
  expect(started.code, started.output).toBe(0);
  const url = '--resolve catalogue.example.org:443:127.0.0.1 https://catalogue.example.org/.well-known/version';
  const trusting = (name: string) => `curl --silent --max-time 20 --cacert ${name} ${url}`;
  const serves = async (name: string, tries: number) =>
    (
      await machine?.run(
        `curl --silent --retry ${tries} --retry-all-errors --retry-delay 1 --cacert ${name}.pem ${url}`,
        {
          'first.pem': first.certificate,
          'second.pem': second.certificate,
        },
      )
    )?.output;
  expect(await serves('first', 20)).toBe('1.4.0');
  expect(await serves('second', 0)).toBe('');
  // Whoever asks trusts either: what fails is a request, not the change
  const load = `cat first.pem second.pem >both.pem; failed=0
for _ in {1..150}; do [[ $(${trusting('both.pem')}) == 1.4.0 ]] || failed=$((failed + 1)); sleep 0.02; done; echo "failed $failed"`;
  const asking = machine?.run(load, { 'first.pem': first.certificate, 'second.pem': second.certificate });
  writeFiles(folder, files('files', {}, second));
  const reloaded = await docker('exec', containerName('renewed'), 'nginx', '-c', '/given/nginx.conf', '-s', 'reload');
  expect(reloaded.code, reloaded.output).toBe(0);
  expect(await serves('second', 20)).toBe('1.4.0');
  expect((await asking)?.output).toBe('failed 0\n');
});
