import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../freePort.ts';
import { run, stateText, type TestStack, testStack } from './stack.ts';

/** Basegun with published ports that are in use: one by this process, one by a docker container */
let stack: TestStack;
const ports = { process: 0, container: 0 };
const stranger = `berth-test-${randomBytes(3).toString('hex')}`;
const listener = createServer();
/** Port in place of the container's */
let other: string | undefined;

beforeAll(async () => {
  [ports.process, ports.container] = [await freePort(), await freePort()];
  const publish = { 80: ports.process, 443: ports.container };
  stack = await testStack({ web: { size: 'small', diskGb: 10, publish } });
  await new Promise<void>((resolve) => listener.listen(ports.process, '127.0.0.1', resolve));
  const words = ['--detach', '--rm', '--name', stranger, '--publish', `127.0.0.1:${ports.container}:80`];
  const started = await docker('run', ...words, '--entrypoint', 'sleep', stack.images.machineImage, '600');
  expect(started.code, started.output).toBe(0);
});

afterAll(async () => {
  listener.close();
  await docker('rm', '--force', stranger);
  await stack?.remove();
});

test('ports in use stop a deployment before its first resource, all reported at once, each with its process or container', async () => {
  const up = await stack.up();
  expect(up.code).not.toBe(0);
  expect(up.output).toContain('this computer: 2 problems, nothing was changed');
  for (const line of told()) expect(up.output).toContain(line);
  // Nothing is left to clean up either
  expect(await madeByDocker()).toEqual([]);
  const { checkpoint } = JSON.parse(await stateText(stack));
  const made = (checkpoint.latest?.resources ?? []).map(({ type }: { type: string }) => type);
  expect(made.filter((type: string) => !type.startsWith('pulumi:'))).toEqual([]);
});

test('the set-up says who has them, and takes others in their place', async () => {
  const { code, output } = await setUp();
  expect(code, output).toBe(0);
  expect(output).toMatch(new RegExp(`port ${ports.process} is in use by .* \\(pid ${process.pid}\\): \\d+ is used`));
  const inPlace = `port ${ports.container} is in use by docker's container ${stranger}: (\\d+) is used in its place`;
  other = new RegExp(inPlace).exec(output)?.[1];
  expect(other, output).toBeDefined();
});

test('it deploys with them and keeps them, and a second deployment accepts the ports that its own machine uses', async () => {
  const first = await stack.up();
  expect(first.code, first.output).toBe(0);
  expect((await stack.outputs()).url).toBe(`https://basegun.localhost:${other}`);
  await new Promise((resolve) => listener.close(resolve));
  await docker('rm', '--force', stranger);
  const again = await setUp();
  expect(again.code, again.output).toBe(0);
  const second = await stack.up();
  expect(second.code, second.output).toBe(0);
  expect(second.output).not.toMatch(/created|updated|replaced/);
});

/** Runs the set-up of `npm run local` */
const setUp = () =>
  run('node', ['src/start/start.js', 'test/e2e/setUp.ts', stack.place.stack, stack.place.folder], stack.environment);

const told = (): string[] => [
  `port ${ports.process} of 127.0.0.1`,
  `(pid ${process.pid}), and basegun-web-0 is to publish its port 80 there`,
  `fix: stop it (kill ${process.pid}), or choose another port under "publish" in Pulumi.${stack.place.stack}.yaml`,
  `port ${ports.container} of 127.0.0.1`,
  `is in use by docker's container ${stranger}, and basegun-web-0 is to publish its port 443 there`,
  `fix: stop it (docker stop ${stranger}), or choose another port under "publish"`,
];

/** Returns the stack's containers, networks and volumes */
async function madeByDocker(): Promise<string[]> {
  const filter = ['--filter', `name=berth-${stack.place.stack}-`, '--quiet'];
  const listings = [
    await docker('ps', '--all', ...filter),
    await docker('network', 'ls', ...filter),
    await docker('volume', 'ls', ...filter),
  ];
  return listings.flatMap(({ output }) => output.split('\n').filter((line) => line !== ''));
}

const docker = (...words: string[]) => run('docker', words, process.env);
