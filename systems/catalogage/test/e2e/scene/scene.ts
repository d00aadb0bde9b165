import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'vitest';
import { builtImages } from '../../../../../src/clouds/local/images/build.ts';
import { imageTag } from '../../../../../src/clouds/local/images/keys.ts';
import { maker } from '../../../../../src/clouds/local/images/maker.ts';
import {
  bareMachine,
  machineRecipe as fullMachine,
  type Recipe,
} from '../../../../../src/clouds/local/images/recipes.ts';
import { nameBeside, networkThatAppears, startBeside } from '../../../../../test/e2e/beside.ts';
import { type Client, client } from '../../../../../test/e2e/client.ts';
import { makeOutside, type Outside } from '../../../../../test/e2e/outside.ts';
import { inMachine, type Run, run, stdoutOf, systemStack, type TestStack } from '../../../../../test/e2e/stack.ts';
import { fetching, tryingAll } from './fetching.ts';
import { firstData } from './firstData.ts';
import { layRuntimes } from './layRuntimes.ts';
import { makeRepository, type Repository } from './repository.ts';

/**
 * Catalogage on a machine that was handed over as a bare Debian, its database beside it; a proxy, which opens what passes, is
 * its only way out
 */
export interface Scene {
  stack: TestStack;
  outside: Outside;
  /** Before the machine was told of the proxy's authority: how the release went, and what programs said that fetch something */
  untold: { release: Run; said: string };
  repository: Repository;
  /** Commands that build a commit */
  build: readonly string[];
  address: string;
  site: Client;
  /** Its container */
  database: string;
  /** Of the database */
  password: string;
  /** What the server's secret file says */
  ownCa: string;
  remove(): Promise<void>;
}

const database: Recipe = {
  name: 'catalogage-database',
  context: new URL('../../../images/database', import.meta.url).pathname,
};

/** Debian has the libraries of the stand-in's server. Its build script runs without Debian's npm, which is half a Debian */
const build = [
  'python3 -m venv --system-site-packages venv',
  'venv/bin/pip install --quiet --index-url https://packages.corp.test/python/ --requirement requirements.txt',
  'cd client',
  `sh -c "$(node -p "require('./package.json').scripts.build")"`,
];

const packages = [
  'nodejs',
  'python3-venv',
  'python3-fastapi',
  'python3-uvicorn',
  'python3-asyncpg',
  'python3-alembic',
  'python3-greenlet',
];

export async function makeScene(): Promise<Scene> {
  const password = randomBytes(12).toString('hex');
  const ownCa = randomBytes(12).toString('hex');
  const repository = await makeRepository();
  await repository.commit('one', fetching);
  await repository.tag('1.0.0');
  await layRuntimes(repository.served);
  await stdoutOf('tar', ['-czf', join(repository.served, 'npm.tgz'), '-C', await npmFolder(), 'npm']);
  const outside = await makeOutside();
  await maker(await builtImages()).image(database, () => undefined);
  const bare = { machineImage: imageTag(bareMachine), firewallImage: imageTag(fullMachine) };
  const entry = {
    ...{ cloud: 'local', ref: '1.0.0', repository: 'https://git.corp.test/catalogage.git', packages, build },
    ...{ domain: 'catalogage.localhost', tls: 'acme', contact: 'ops@example.org', web: { size: 'small', diskGb: 10 } },
    ...{ secretFiles: { APP_CA_FILE: { secret: 'ownCa' } }, initdata: true },
  };
  const databaseUrl = `postgresql+asyncpg://catalogage:${password}@db.berth.test:5432/catalogage`;
  const secrets = { databaseUrl, ownCa, initdata: firstData };
  const environment = outside.environment.withoutAuthority;
  const stack = await systemStack({ name: 'catalogage', entry, secrets, environment }, bare);
  const db = nameBeside(stack, 'db');
  const remove = async (): Promise<void> => {
    // A network goes after those on it
    await run('docker', ['rm', '--force', '--volumes', db], process.env);
    await outside.remove();
    await stack.pulumi('destroy', '--yes', '--skip-preview', '--non-interactive');
    await stack.remove();
    await repository.remove();
  };
  try {
    const up = stack.up();
    const network = await networkThatAppears(stack);
    await startBeside(db, network, { alias: 'db.berth.test', last: 251 }, [
      ...['--env', `POSTGRES_PASSWORD=${password}`, imageTag(database)],
    ]);
    await outside.start(stack, network, { files: repository.served });
    const untold = { release: await up, said: await inMachine(stack, tryingAll) };
    await stack.configure({}, {}, outside.environment.known);
    const { code, output } = await stack.up();
    expect(code, output).toBe(0);
    const address = (await stack.outputs()).machines['catalogage-web-0']?.publicAddress ?? '';
    const site = await client(stack, address, 'catalogage.localhost');
    return { stack, outside, untold, repository, build, database: db, address, site, password, ownCa, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Where this computer's npm lies */
const npmFolder = async (): Promise<string> => (await stdoutOf('npm', ['root', '--global'])).trim();
