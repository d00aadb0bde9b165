import { systems } from 'berth:systems';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { clouds } from '../../../../src/clouds/registry.ts';
import { readEnvironmentFile } from '../../../../src/config/file.ts';
import { loadEnvironment } from '../../../../src/config/load.ts';
import { imageOf, sha256, signatureOf, signatureTag } from '../../../registry/content.ts';
import { type FakeRegistry, fakeRegistry, type Habits, login } from '../../../registry/fake.ts';
import { berthHere, put, temporaryFolder } from '../berth.ts';

/** Where the registry of the test has the backend */
const backend = 'owner/backend';
const version = '3.3.0';

interface Scene {
  registry: FakeRegistry;
  folder: string;
  berth(...words: string[]): ReturnType<typeof berthHere>;
  text(): string;
  images(): Record<string, string>;
}

/** A project whose cluster takes every image of Basegun from a registry of the test */
async function scene(more = '', habits: Habits = {}): Promise<Scene> {
  const registry = await fakeRegistry(habits);
  const folder = temporaryFolder();
  const own = [
    ['ghcr.io/datalab-mi/basegun/basegun-backend:3.3.0', `${registry.name}/${backend}:${version}`],
    ['ghcr.io/datalab-mi/basegun/basegun-backend:3.4.0', `${registry.name}/${backend}:3.4.0`],
    ['ghcr.io/datalab-mi/basegun/basegun-frontend:3.3.0', `${registry.name}/owner/frontend:3.3.0`],
    ['ghcr.io/datalab-mi/basegun/basegun-frontend:3.4.0', `${registry.name}/owner/frontend:3.4.0`],
    ['docker.elastic.co/beats/filebeat-oss:7.12.1', `${registry.name}/owner/filebeat:7.12.1`],
  ];
  const tags = own.map(([, image = '']) => image.slice(registry.name.length + 1).split(':'));
  for (const [repository = '', tag = ''] of tags) registry.put(repository, tag, imageOf(`${repository} ${tag}`));
  put(folder, 'Pulumi.yaml', 'name: berth\n');
  put(
    folder,
    'Pulumi.prod.yaml',
    `config:
  berth:operators: { networks: [100.64.1.0/24], sshPublicKeys: [] }
  berth:registries: { "${registry.name}": { user: ${login.user}, password: { secret: own } } }
  berth:clouds:
    kubernetes:
      issuer: letsencrypt
      buckets: { uploads: { endpoint: https://s3.berth.test, region: gra, bucket: uploads } }
      logStreams: { app: { host: logs.berth.test } }
      images: { ${own.map(([image, other]) => `"${image}": "${other}"`).join(', ')} }
${more.replaceAll('REGISTRY', registry.name)}  berth:systems:
    basegun: # the one
      cloud: kubernetes
      version: ${version}
      domain: basegun.berth.test
      tls: acme
      contact: ops@berth.test
      web: { replicas: 2 }
  berth:secrets: { registries/own: { secure: v1:encrypted } }
`,
  );
  put(folder, 'engine/pulumi', engine, 0o755);
  const env = { PATH: [join(folder, 'engine'), process.env.PATH].join(delimiter) };
  const text = () => readFileSync(join(folder, 'Pulumi.prod.yaml'), 'utf8');
  return {
    ...{ registry, folder, text },
    berth: (...words) => berthHere(words, folder, env),
    images: () => parse(text()).config['berth:images'],
  };
}

const engine = `#!/bin/sh
case "$*" in
  'config get --path berth:secrets["registries/own"] --stack prod'*) echo '${login.password}' ;;
  version) echo v3.248.0 ;;
  *) echo "error: unexpected: $*" >&2; exit 1 ;;
esac
`;

const digestIn = (tag: string, repository: string = backend) => sha256(imageOf(`${repository} ${tag}`).manifest);

test('every image gets its digest, and the rest of the file stays as written', async () => {
  const { berth, text, images, registry } = await scene();
  const before = text();
  const { code, stdout } = await berth('pin', 'prod');
  expect(code, stdout).toBe(0);
  expect(images()[`${registry.name}/${backend}:${version}`]).toBe(digestIn(version));
  expect(Object.keys(images())).toHaveLength(3);
  expect(text().replace(/ {2}berth:images:\n(?: {4}127.*\n)+/, '')).toBe(before);
  expect(await berth('pin', 'prod', '--check')).toMatchObject({ code: 0, stdout: expect.stringContaining('3 images') });
  const rendered = await berth('render', 'prod');
  expect(rendered.stdout).toContain(`image: ${registry.name}/${backend}:${version}@${digestIn(version)}`);
});

test('--check names images without a digest, and writes nothing', async () => {
  const { berth, text, registry } = await scene();
  const before = text();
  const { code, stdout } = await berth('pin', 'prod', '--check');
  expect(code).toBe(1);
  expect(stdout).toContain(`${registry.name}/${backend}:${version} has no digest yet: ${digestIn(version)}`);
  expect(text()).toBe(before);
});

test('a tag that has moved is told with both digests, and runs by its former one until it is pinned again', async () => {
  const { berth, registry, images } = await scene();
  await berth('pin', 'prod');
  const image = `${registry.name}/${backend}:${version}`;
  const now = registry.put(backend, version, imageOf('something else'));
  const { code, stdout } = await berth('pin', 'prod', '--check');
  expect(code).toBe(1);
  expect(stdout).toContain(`${image} HAS MOVED: its tag was ${digestIn(version)} and is now ${now}`);
  expect((await berth('render', 'prod')).stdout).toContain(`image: ${image}@${digestIn(version)}`);
  expect((await berth('pin', 'prod')).code).toBe(0);
  expect(images()[image]).toBe(now);
});

test('a new version has no digest: policies tell it, pin writes it and removes the former', async () => {
  const { berth, registry, images } = await scene();
  await berth('pin', 'prod');
  await berth('set-version', 'prod', 'basegun', '3.4.0');
  const { code, stdout } = await berth('policies', 'prod', '--json');
  expect(code).toBe(1);
  const open = JSON.parse(stdout).findings.filter(({ why }: { why?: string }) => why === undefined);
  expect(open.map(({ resource }: { resource: string }) => resource).sort()).toEqual([
    `${registry.name}/${backend}:3.4.0`,
    `${registry.name}/owner/frontend:3.4.0`,
  ]);
  const pinned = await berth('pin', 'prod', 'basegun');
  expect(pinned.stdout).toContain(`${registry.name}/${backend}:${version} is not used any more`);
  expect(images()).toMatchObject({ [`${registry.name}/${backend}:3.4.0`]: digestIn('3.4.0') });
  expect(images()).not.toHaveProperty([`${registry.name}/${backend}:${version}`]);
});

test.each(['basic', 'bearer'] as const)("a registry that asks for a login (%s) gets the environment's", async (how) => {
  const { berth, images } = await scene('', { login: how });
  const { code, stdout, stderr } = await berth('pin', 'prod');
  expect(code, stderr).toBe(0);
  expect(Object.keys(images())).toHaveLength(3);
  expect(stdout + stderr).not.toContain(login.password);
});

test('what registries lack is told whole, and nothing is written', async () => {
  const { berth, text, registry, folder } = await scene();
  put(folder, 'Pulumi.prod.yaml', text().replace(/(owner\/(?:backend|frontend)):3\.3\.0/g, '$1:0.0.1'));
  const before = text();
  const { code, stderr } = await berth('pin', 'prod');
  expect(code).toBe(1);
  for (const repository of [backend, 'owner/frontend'])
    expect(stderr).toContain(`${registry.name}/${repository}:0.0.1: its registry does not have it`);
  expect(stderr).toContain('Pulumi.prod.yaml was not changed');
  expect(text()).toBe(before);
});

test('a system that the file does not have is told with those that it has', async () => {
  const { berth } = await scene();
  expect(await berth('pin', 'prod', 'basegn')).toMatchObject({
    code: 1,
    stderr: 'Pulumi.prod.yaml has no system "basegn": it has basegun\n',
  });
});

const keys = generateKeyPairSync('ec', {
  namedCurve: 'prime256v1',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const signers = `  berth:signers:
    REGISTRY/owner/backend: |
${keys.publicKey.replace(/^(?=.)/gm, '      ')}`;

test('a digest whose signer is named is written once it is signed, and deployed only then', async () => {
  const { berth, registry, text, folder } = await scene(signers);
  const before = text();
  const refused = await berth('pin', 'prod');
  expect(refused.stderr).toMatch(
    /is not signed: its repository has no signature[\s\S]*Pulumi\.prod\.yaml was not changed/,
  );
  expect(text()).toBe(before);
  registry.put(backend, signatureTag(digestIn(version)), signatureOf(digestIn(version), keys.privateKey));
  expect(await berth('pin', 'prod')).toMatchObject({ code: 0 });
  // Somebody writes another digest by hand
  const other = registry.put(backend, 'other', imageOf('another'));
  put(folder, 'Pulumi.prod.yaml', text().replace(digestIn(version), other));
  const deployed = await berth('deploy', 'prod');
  expect(deployed).toMatchObject({ code: 1, stderr: expect.stringContaining(`@${other} is not signed`) });
});

test('an image whose signer is named is not deployed by its tag', async () => {
  const { berth, registry, folder, images } = await scene(signers);
  const mistakes = (): string => {
    try {
      loadEnvironment(readEnvironmentFile(join(folder, 'Pulumi.prod.yaml'), 'prod'), systems, clouds);
      return '';
    } catch (error) {
      return String(error);
    }
  };
  expect(mistakes()).toContain(`berth:images["${registry.name}/${backend}:${version}"]`);
  expect(mistakes()).toContain('npx berth pin prod');
  registry.put(backend, signatureTag(digestIn(version)), signatureOf(digestIn(version), keys.privateKey));
  await berth('pin', 'prod');
  expect(Object.keys(images())).toHaveLength(3);
  expect(mistakes()).not.toContain('berth:images');
});
