import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../../../paths.ts';
import { runLogged } from '../../../process/stage.ts';
import { registryName } from '../registryName.ts';
import { imageTag, recipeKey } from './keys.ts';
import { limit } from './limit.ts';
import { receivers } from './recipes.ts';
import { nameOf, type OwnImage, type StandIn } from './table.ts';

type Log = (line: string) => void;

// One at a time, so that the second version of an image finds shared layers in the registry instead of pushing them
// again
const onePush = limit(1);

/** Returns the folder with the registry's data, which its container mounts at /var/lib/registry */
export function registryData(): string {
  return join(cacheFolder(), 'registry');
}

/**
 * Returns the reference that machines use for an image, `<registry>/<name>@sha256:…`; `undefined` if the registry lacks
 * it
 */
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
 * Stores an image of the docker engine in the registry's data and records its digest. The push goes to a temporary
 * registry that only this computer can reach and that is removed afterwards.
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
    if (!digest) throw new Error(`the registry returned no digest for ${name}, only: ${references.join(' ')}`);
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
  // `timeout` ends the container in case this process is killed before it can remove it
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

/** Returns name and key of an image in the registry; the key changes with the content */
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

/** Returns a signal that is never aborted: clean-up must also run after an interrupt */
function notInterrupted(): AbortSignal {
  return new AbortController().signal;
}
