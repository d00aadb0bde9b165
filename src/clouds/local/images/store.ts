import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../../../paths.ts';
import { runLogged } from '../../../process/stage.ts';
import { imageTag, recipeKey } from './keys.ts';
import { limit } from './limit.ts';
import { receivers } from './recipes.ts';
import { nameOf, type OwnImage, type StandIn } from './table.ts';

type Log = (line: string) => void;

// The second version of an image then finds its layers in the registry instead of sending them again
const onePush = limit(1);

/** The name and port under which machines reach the registry: the local cloud gives the registry this alias. */
export const registryName = 'registry.berth.test:5000';

/** The registry's data: the folder that its container mounts at /var/lib/registry. */
export function registryData(): string {
  return join(cacheFolder(), 'registry');
}

/** How machines name an image, `<registry>/<name>@sha256:…`; nothing when the registry's data lacks it. */
export function storedReference(source: StandIn | OwnImage): string | undefined {
  const { name, key } = storedAs(source);
  const record = digestRecord(name, key);
  if (!existsSync(record)) return undefined;
  const digest = readFileSync(record, 'utf8').trim();
  const hash = digest.replace('sha256:', '');
  const storage = join(registryData(), 'docker/registry/v2');
  const manifest = join(storage, 'blobs/sha256', hash.slice(0, 2), hash, 'data');
  const link = join(storage, 'repositories', name, '_manifests/revisions/sha256', hash, 'link');
  return existsSync(manifest) && existsSync(link) ? `${registryName}/${name}@${digest}` : undefined;
}

/**
 * Puts an image that the docker engine has into the registry's data, through a registry of its own that only this
 * machine can reach and that ends with the push, and records its digest.
 */
export async function store(source: StandIn | OwnImage, image: string, log: Log): Promise<void> {
  await mkdir(registryData(), { recursive: true });
  await onePush(() => withRegistry(log, (address) => push(source, image, address, log)));
}

async function push(source: StandIn | OwnImage, image: string, address: string, log: Log): Promise<void> {
  const { name, key } = storedAs(source);
  const target = `${address}/${name}:${key}`;
  await runLogged('docker', ['tag', image, target], { log });
  try {
    await runLogged('docker', ['push', '--quiet', target], { log, timeoutSeconds: 600 });
    const inspect = ['image', 'inspect', '--format', '{{range .RepoDigests}}{{println .}}{{end}}', target];
    const references = (await runLogged('docker', inspect, { log })).split('\n');
    const digest = references.find((reference) => reference.startsWith(`${address}/${name}@`))?.split('@')[1];
    if (!digest) throw new Error(`the registry gave no digest for ${name}, only: ${references.join(' ')}`);
    await record(digestRecord(name, key), digest);
  } finally {
    await runLogged('docker', ['image', 'rm', target], { log, signal: notInterrupted() });
  }
}

async function withRegistry(log: Log, task: (address: string) => Promise<void>): Promise<void> {
  const container = `berth-push-${randomBytes(4).toString('hex')}`;
  const owner = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const image = imageTag(receivers.registry);
  const options = ['--detach', '--rm', '--name', container, '--user', owner, '--publish', '127.0.0.1::5000'];
  const mount = ['--volume', `${registryData()}:/var/lib/registry`];
  // It ends by itself in time, should this process be killed before it could
  const command = [
    '--entrypoint',
    'timeout',
    image,
    '900',
    'docker-registry',
    'serve',
    '/etc/docker/registry/config.yml',
  ];
  try {
    await runLogged('docker', ['run', ...options, ...mount, ...command], { log });
    const address = (await runLogged('docker', ['port', container, '5000/tcp'], { log })).split('\n')[0] ?? '';
    await answering(`http://${address}/v2/`);
    await task(address);
  } finally {
    await runLogged('docker', ['rm', '--force', container], { log, signal: notInterrupted() });
  }
}

async function answering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    if (response?.ok) return;
    await sleep(100);
  }
  throw new Error(`the registry for pushing images did not answer at ${url}`);
}

/** What it is called in the registry: another content, another key */
const storedAs = (source: StandIn | OwnImage): { name: string; key: string } =>
  'recipe' in source
    ? { name: source.recipe.name, key: recipeKey(source.recipe) }
    : { name: nameOf(source.production), key: source.id.replace('sha256:', '').slice(0, 12) };

const digestRecord = (name: string, key: string): string => join(cacheFolder(), 'images', `${name}-${key}`);

async function record(file: string, digest: string): Promise<void> {
  await mkdir(join(cacheFolder(), 'images'), { recursive: true });
  await writeFile(`${file}.${process.pid}`, `${digest}\n`);
  await rename(`${file}.${process.pid}`, file);
}

/** What cleans up must run after an interrupt too. */
function notInterrupted(): AbortSignal {
  return new AbortController().signal;
}
