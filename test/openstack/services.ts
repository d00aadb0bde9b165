import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { imageTag } from '../../src/clouds/local/images/keys.ts';
import type { Recipe } from '../../src/clouds/local/images/recipes.ts';
import { checkout } from '../../src/paths.ts';
import { withLock } from '../../src/process/lock.ts';
import { docker } from '../engine/local-docker.ts';
import { type Api, administrator } from './api.ts';

/** OpenStack's own services with one region; see its Dockerfile */
export const services: Recipe = { name: 'openstack', context: join(checkout, 'test/openstack/services') };

/** Returns the address of this run's cloud, which the first caller starts and waits for */
export function started(name: string): Promise<string> {
  return withLock(
    join(tmpdir(), `${name}.lock`),
    () => undefined,
    async () => {
      const found = await docker('ps', '--quiet', '--filter', `name=^${name}$`);
      if (found === '') await start(name);
      return addressOf(name);
    },
  );
}

export const remove = async (name: string): Promise<void> => {
  await docker('rm', '--force', '--volumes', name);
};

async function start(name: string): Promise<void> {
  const limits = ['--memory', '5g', '--hostname', 'cloud', '--init'];
  await docker('run', '--detach', '--name', name, ...limits, imageTag(services));
  const address = await addressOf(name);
  let obstacle: unknown;
  let api: Api | undefined;
  for (const deadline = Date.now() + 600_000; Date.now() < deadline; await sleep(500)) {
    try {
      // Logins and new tokens would be work for Keystone just when every service asks it
      api ??= await administrator(address);
      await allUp(api);
      return;
    } catch (error) {
      obstacle = error;
    }
  }
  const logs = await docker('exec', name, 'bash', '-c', 'tail -n 5 /var/log/cloud/*').catch(String);
  throw new Error(`OpenStack's services do not answer: ${obstacle}\n${logs}`);
}

/** @throws while a service does not answer, or what carries out its requests is not up */
async function allUp(api: Api): Promise<void> {
  await Promise.all([
    api.get('network', '/v2.0/networks'),
    api.get('image', '/v2/images'),
    api.get('object-store', '?format=json'),
  ]);
  for (const service of ['compute', 'block-storage'] as const) {
    const { services: found } = running.parse(await api.get(service, '/os-services'));
    if (!found.every(({ state }) => state === 'up')) throw new Error(`not all of ${service} is up`);
  }
}

const running = z.object({ services: z.array(z.object({ state: z.string() })).min(2) });

const addressOf = (name: string): Promise<string> =>
  docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', name);
