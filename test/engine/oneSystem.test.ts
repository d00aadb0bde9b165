import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { machinesOfRole, oneSystem } from '../../src/cli/deploy/scope.ts';
import { targetsOf, upArguments } from '../../src/cli/deploy/up.ts';
import type { FormerSystem } from '../../src/cli/outputs.ts';
import type { Blueprint } from '../../src/model/blueprint.ts';
import { bySystem } from '../../src/model/inPlace.ts';
import { read, type Stack, stackOf, withSecrets } from '../stack/samples.ts';
import { type RecordingStack, recordingStack } from './recordingStack.ts';

/** Two systems of one stack, on clouds that only record */
let made: RecordingStack;

beforeAll(async () => {
  made = await recordingStack();
});

afterAll(() => made?.remove());

test('a first deployment of one system alone makes it, and nothing of the others', async () => {
  const { run, done } = await deployBasegun(stack('3.3.0', '1.0.0'));
  expect(run.code, run.output).toBe(0);
  expect(done.filter(({ name }) => !isOfBasegun(name))).toEqual([]);
  expect(done.map(({ name }) => name)).toContain('basegun-web-0-release');
  expect(Object.keys(await deployed())).toEqual(['basegun']);
});

test('one system is deployed alone: the others stay, and the outputs say so', async () => {
  const whole = await made.run('up', stack('3.3.0', '1.0.0'));
  expect(whole.run.code, whole.run.output).toBe(0);
  const { run, done } = await deployBasegun(stack('3.3.1', '1.0.1'));
  expect(run.code, run.output).toBe(0);
  expect(done.map(({ does, name }) => `${does} ${name}`)).toEqual(['update basegun-web-0-release']);
  expect(await deployed()).toMatchObject({
    basegun: { version: '3.3.1', pins: { version: '3.3.1' } },
    mad: { version: '1.0.0', pins: { version: '1.0.0' } },
  });
});

test('and the whole stack afterwards changes the others alone', async () => {
  const { run, done } = await made.run('up', stack('3.3.1', '1.0.1'));
  expect(run.code, run.output).toBe(0);
  expect(done.length).toBeGreaterThan(0);
  expect(done.filter(({ does, name }) => !(does === 'update' && /^mad-.*-release$/.test(name)))).toEqual([]);
});

test('one role is deployed alone at a version of its own: all else stays', async () => {
  const { blueprints } = read(stack('3.3.1', '1.0.1'), 'test');
  const machines = machinesOfRole(bySystem(blueprints).mad as Blueprint, 'api');
  const own = { versions: { api: '1.2.0' } };
  const { run, done } = await made.run('up', stack('3.3.1', '1.0.1', own), ...targetsOf({ system: 'mad', machines }));
  expect(run.code, run.output).toBe(0);
  expect(done.map(({ does, name }) => `${does} ${name}`)).toEqual([
    'update mad-api-0-release',
    'update mad-api-1-release',
  ]);
  expect(await deployed()).toMatchObject({ mad: { pins: { version: '1.0.1', versions: { api: '1.2.0' } } } });
  const after = await made.run('up', stack('3.3.1', '1.0.1', own), '--expect-no-changes');
  expect(after.run.code, after.run.output).toBe(0);
});

test('another system with a machine more is refused before the engine is asked', async () => {
  const more = stack('3.3.2', '1.0.1', { api: { count: 3, size: 'b2-7' } });
  await expect(deployBasegun(more)).rejects.toThrow(
    "basegun can't be deployed alone while other systems declare resources that do not exist yet, which the engine can't leave out " +
      '(mad: machine mad-api-2): deploy the whole stack',
  );
});

const isOfBasegun = (name: string): boolean => name === 'basegun' || name.startsWith('basegun-');

const deployed = async (): Promise<Record<string, FormerSystem>> => {
  const [program] = await made.project.resources();
  return { ...(program?.outputs?.systems as Record<string, FormerSystem> | undefined) };
};

function stack(basegun: string, mad: string, ofMad: object = {}): Stack {
  const site = stackOf('basegun', 'openstack', {}, { version: basegun });
  const fleet = stackOf('mad', 'openstack', {}, { version: mad, ...ofMad });
  const systems = { ...Object(site.config['berth:systems']), ...Object(fleet.config['berth:systems']) };
  return withSecrets({ ...site, config: { ...fleet.config, 'berth:systems': systems } });
}

/** As the command does: the file and the arguments that it makes, on what was deployed before */
async function deployBasegun(wanted: Stack) {
  const { environment, blueprints } = read(wanted, 'test');
  const { text } = oneSystem('basegun', {
    ...{ text: stringify({ config: wanted.config }), environment },
    ...{ declared: bySystem(blueprints), former: await deployed() },
  });
  const all = upArguments({ stack: 'test', project: '', folder: '', environment: {} }, 'a test', { system: 'basegun' });
  return made.run('up', { ...wanted, config: parse(text).config }, ...all.slice(all.indexOf('--target')));
}
