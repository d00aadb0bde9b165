import { mkdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { up } from '../../src/cli/deploy/up.ts';
import type { EngineStack } from '../../src/cli/engine.ts';
import { findEngine } from '../../tools/lib/engine.ts';
import { engineEnvironment } from '../../tools/lib/place.ts';
import { type Project, temporaryProject } from './engine.ts';

let project: Project;
let on: EngineStack;

beforeAll(async () => {
  project = await temporaryProject({});
  const { folder } = project;
  const engine = await findEngine(() => undefined);
  const environment = engineEnvironment({ stack: 'test', folder, project: folder }, engine, true);
  on = { stack: 'test', project: folder, folder: engine.folder, environment };
});

afterAll(() => project?.remove());

test('what the engine finished, and what it began and could not finish', async () => {
  await project.program('export const systems = {};');
  expect(await up(on)).toBe('done');
  await project.program('throw new Error("this program fails");');
  expect(await up(on)).toBe('failed');
});

test('what it never began, as somebody else deploys the stack', async () => {
  const locks = join(project.folder, 'state/.pulumi/locks/organization/berth/test');
  await mkdir(locks, { recursive: true });
  const lock = { pid: process.pid, username: 'ada', hostname: hostname(), timestamp: new Date().toISOString() };
  await writeFile(join(locks, 'b2f5b9d2-0000-4000-8000-000000000000.json'), JSON.stringify(lock));
  expect(await up(on)).toBe('refused');
  await rm(locks, { recursive: true });
});
