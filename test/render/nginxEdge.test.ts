import { expect, test } from 'vitest';
import { bundle } from '../../src/render/bundle.ts';
import { machineNeeds } from '../../src/render/needs.ts';
import { catalogage } from '../../src/systems/catalogage.ts';
import { environment } from '../environment.ts';
import { docker, folderOf, machineImage, ownContainer, required, serviceImage } from './docker.ts';

// The machine's own nginx reads what is rendered for it: Debian 13's, from an image that has it.

const common = { ref: '1.4.0', domain: 'catalogue.example.org', web: { size: 'small' } };
const tls = {
  acme: { tls: 'acme', contact: 'ops@example.org' },
  upstream: { tls: 'upstream', gatewayNetworks: ['203.0.113.0/28', '203.0.113.64/28'] },
};

/** The site and its routes as nginx finds them on a machine, with the certificate that lies beside them */
function files(kind: keyof typeof tls): Record<string, string> {
  const blueprint = catalogage.blueprint(catalogage.options.parse({ ...common, ...tls[kind] }), environment);
  const { web: role } = blueprint.roles;
  if (!role) throw new Error('no role web');
  const machine = { system: 'catalogage', role: 'web', index: 0 };
  const { entries } = bundle({
    ...{ blueprint, role, machine, operators: environment.operators, user: 'berth', deployKey: '', images: {} },
    facts: Object.fromEntries(machineNeeds(blueprint, role, machine).refs.map((name) => [name, `of-${name}`])),
    ...{ secrets: { databaseUrl: 'postgresql://db' }, secretFacts: [], plainRegistries: [], restartEdge: false },
  });
  const routes = (entries['routes.conf'] ?? '')
    .replace(/@(?:client|server)@/g, '21000')
    .replaceAll('@generation@', '7')
    .replace(/\/var\/lib\/berth\/\S+\/(fullchain|privkey)\.pem/g, '/given/$1.pem');
  const site = (entries['files/etc/nginx/conf.d/berth-catalogage.conf'] ?? '').replace(
    /include .*;/,
    'include /given/routes.conf;',
  );
  return {
    'site.conf': site,
    'routes.conf': routes,
    'nginx.conf': 'events {}\nhttp {\n  include /given/site.conf;\n}\n',
  };
}

const image = serviceImage('ghcr.io/datalab-mi/basegun/basegun-frontend:3.3.0');

/** What nginx says of the files, after a certificate has been made for them */
async function accepted(given: Record<string, string>, images: { nginx: string; machine: string }) {
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
    images.machine,
    ...make,
    ...place,
  );
  expect(made.code, made.output).toBe(0);
  const user = ['--user', '0:0', '--entrypoint', 'nginx'];
  return docker('run', ...ownContainer('nginx'), ...volume, ...user, images.nginx, '-t', '-c', '/given/nginx.conf');
}

test.for(['acme', 'upstream'] as const)(
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
