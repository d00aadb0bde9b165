import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { bareMachine, machine as fullMachine, type Recipe } from '../../../tools/images/recipes.ts';
import { builtImages } from '../../../tools/lib/images/build.ts';
import { imageTag } from '../../../tools/lib/images/keys.ts';
import { maker } from '../../../tools/lib/images/maker.ts';
import { checkout } from '../../../tools/lib/paths.ts';
import { type Client, client, eventually } from '../client.ts';
import { networkOf } from '../reach.ts';
import { run, systemStack, type TestStack } from '../stack.ts';
import { makeRepository, type Repository } from './repository.ts';

/** Catalogage on a machine that was handed over as a bare Debian, its git server and its database beside it */
export interface Scene {
  stack: TestStack;
  repository: Repository;
  address: string;
  site: Client;
  /** Of the database */
  password: string;
  /** What the server's secret file says */
  ownCa: string;
  remove(): Promise<void>;
}

const database: Recipe = { name: 'catalogage-database', context: 'test/apps/catalogage/database' };

/** Debian has the libraries of the stand-in's server: nothing is downloaded. Its build script runs without npm, which is half a Debian */
const build = [
  'python3 -m venv --system-site-packages venv',
  'venv/bin/pip install --quiet --requirement requirements.txt',
  'cd client',
  `sh -c "$(node -p "require('./package.json').scripts.build")"`,
];

const packages = ['nodejs', 'python3-venv', 'python3-fastapi', 'python3-uvicorn', 'python3-asyncpg'];

export async function makeScene(): Promise<Scene> {
  const password = randomBytes(12).toString('hex');
  const ownCa = randomBytes(12).toString('hex');
  const repository = await makeRepository();
  await repository.commit('one');
  await repository.tag('1.0.0');
  await maker(await builtImages()).image(database, () => undefined);
  const bare = { machineImage: imageTag(bareMachine, checkout), firewallImage: imageTag(fullMachine, checkout) };
  const entry = {
    ...{ cloud: 'local', ref: '1.0.0', repository: 'http://git.berth.test/catalogage.git', packages, build },
    ...{ domain: 'catalogage.localhost', tls: 'acme', contact: 'ops@example.org', web: { size: 'small', diskGb: 10 } },
    secretFiles: { APP_CA_FILE: { secret: 'ownCa' } },
  };
  const databaseUrl = `postgresql+asyncpg://catalogage:${password}@db.berth.test:5432/catalogage`;
  const secrets = { databaseUrl, ownCa };
  const stack = await systemStack({ name: 'catalogage', entry, secrets }, bare);
  const name = (what: string): string => `berth-${stack.place.stack}-beside-${what}`;
  const remove = async (): Promise<void> => {
    // A network goes after those on it
    await run('docker', ['rm', '--force', '--volumes', name('git'), name('db')], process.env);
    await stack.pulumi('destroy', '--yes', '--skip-preview', '--non-interactive');
    await stack.remove();
    await repository.remove();
  };
  try {
    const up = stack.up();
    const network = await networkThatAppears(stack);
    const files = ['--volume', `${repository.served}:/served:ro`, '--entrypoint', 'python3'];
    const serve = ['-m', 'http.server', '80', '--directory', '/served'];
    await beside(name('git'), network, { alias: 'git.berth.test', last: 250 }, [
      ...files,
      stack.images.machineImage,
      ...serve,
    ]);
    await beside(name('db'), network, { alias: 'db.berth.test', last: 251 }, [
      ...['--env', `POSTGRES_PASSWORD=${password}`, imageTag(database, checkout)],
    ]);
    const { code, output } = await up;
    expect(code, output).toBe(0);
    const address = (await stack.outputs()).machines['catalogage-web-0']?.publicAddress ?? '';
    const site = await client(stack, address, 'catalogage.localhost');
    return { stack, repository, address, site, password, ownCa, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The stack's network, as soon as there is one: its machine needs what stands on it only later */
async function networkThatAppears(stack: TestStack): Promise<{ name: string; subnet: string }> {
  return await eventually(
    120,
    () => networkOf(stack),
    (network) => !(network instanceof Error) && network.subnet !== '',
  );
}

/** At an address of its own: the next free one may be planned for what the stack makes meanwhile */
async function beside(
  name: string,
  network: { name: string; subnet: string },
  { alias, last }: { alias: string; last: number },
  words: readonly string[],
): Promise<void> {
  const ip = network.subnet.replace(/\d+\/\d+$/, `${last}`);
  const place = ['--detach', '--init', '--name', name, '--network', network.name, '--ip', ip, '--network-alias', alias];
  const { code, output } = await run('docker', ['run', ...place, ...words], process.env);
  if (code !== 0) throw new Error(output);
}
