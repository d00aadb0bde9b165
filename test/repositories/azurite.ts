import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { linter } from '../../tools/lib/linters.ts';
import { authorityOf, certificateOf } from '../certificate.ts';
import { freePort } from '../freePort.ts';
import { folderOf } from '../render/docker.ts';
import type { Repository } from './restic.ts';

const patch = join(import.meta.dirname, 'emptyTier.cjs');
const account = 'keeper';
const suffix = 'azurite.test';
const host = `${account}.blob.${suffix}`;

/** Starts Azurite, Microsoft's own emulator of Azure's blobs, under a name as Azure's accounts have it, by TLS */
export async function azurite(): Promise<Repository & { close(): void }> {
  const quiet = () => undefined;
  const [program, restic] = await Promise.all([linter('azurite-blob', quiet), linter('restic', quiet)]);
  const key = randomBytes(64).toString('base64');
  const authority = authorityOf('azurite');
  const own = certificateOf([host], 90, authority);
  const files = folderOf({ 'ca.pem': authority.certificate, 'own.pem': own.certificate, 'key.pem': own.key });
  const port = await freePort();
  const tls = ['--cert', join(files, 'own.pem'), '--key', join(files, 'key.pem')];
  const words = ['--blobPort', `${port}`, '--inMemoryPersistence', '--silent', '--disableTelemetry', ...tls];
  const env = { ...process.env, AZURITE_ACCOUNTS: `${account}:${key}` };
  const server = spawn(process.execPath, ['--require', patch, program, ...words], { env, stdio: 'ignore', cwd: files });

  async function ask(method: 'GET' | 'PUT' | 'DELETE', path: string, query: Record<string, string> = {}) {
    const date = new Date().toUTCString();
    const versions = { 'x-ms-date': date, 'x-ms-version': '2021-12-02' };
    const url = `${path}?${new URLSearchParams(query)}`;
    const headers = {
      ...versions,
      Authorization: `SharedKey ${account}:${signature(key, method, path, query, versions)}`,
    };
    const reached = { host: '127.0.0.1', port, servername: host, ca: authority.certificate };
    const asked = request({ ...reached, method, path: url, headers: { ...headers, Host: `${host}:${port}` } });
    const answer = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      asked.on('error', reject).on('response', async (response) => {
        resolve({ status: response.statusCode ?? 0, body: await text(response) });
      });
      asked.end();
    });
    if (answer.status >= 400) throw new Error(`${method} ${url}: ${answer.status} ${answer.body}`);
    return answer.body;
  }

  const container = { restype: 'container' };
  const repository: Repository = {
    storage: 'blob',
    facts: { account, key },
    key: 'key',
    reached: [
      ...['--add-host', `${host}:127.0.0.1`, '--env', `AZURE_ENDPOINT_SUFFIX=${suffix}:${port}`],
      ...['--volume', `${restic}:/usr/bin/restic:ro`],
      ...['--volume', `${join(files, 'ca.pem')}:/ca.pem:ro`, '--env', 'RESTIC_CACERT=/ca.pem'],
    ],
    make: async (bucket) => void (await ask('PUT', `/${bucket}`, container)),
    async objects(bucket) {
      const listing = await ask('GET', `/${bucket}`, { ...container, comp: 'list' });
      const names = [...listing.matchAll(/<Name>([^<]+)<\/Name>/g)].map(([, name]) => name ?? '');
      return Object.fromEntries(
        await Promise.all(names.map(async (name) => [name, await ask('GET', `/${bucket}/${name}`)])),
      );
    },
    lose: async (bucket) => void (await ask('DELETE', `/${bucket}`, container)),
  };
  await answering(() => ask('GET', '/', { comp: 'list' }), server);
  return { ...repository, close: () => void server.kill() };
}

async function answering(attempt: () => Promise<unknown>, server: { exitCode: number | null }): Promise<void> {
  let obstacle: unknown;
  for (const end = Date.now() + 60_000; Date.now() < end && server.exitCode === null; await sleep(200)) {
    try {
      await attempt();
      return;
    } catch (error) {
      obstacle = error;
    }
  }
  throw new Error(`Azurite does not answer, its code is ${server.exitCode}: ${obstacle}`);
}

/** Signs a request without a body (https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key) */
function signature(
  key: string,
  method: string,
  path: string,
  query: Readonly<Record<string, string>>,
  versions: Readonly<Record<string, string>>,
): string {
  const named = Object.entries(versions).map(([name, value]) => `${name}:${value}`);
  const asked = Object.entries(query)
    .sort()
    .map(([name, value]) => `${name}:${value}`);
  const lines = [method, ...Array<string>(11).fill(''), ...named, `/${account}${path}`, ...asked];
  return createHmac('sha256', Buffer.from(key, 'base64')).update(lines.join('\n')).digest('base64');
}
