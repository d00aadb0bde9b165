import { expect, test } from 'vitest';
import { findings, findingsText } from '../../../src/cli/local/doctor/findings.ts';
import type { Examined } from '../../../src/clouds/local/setUp/examine.ts';
import { berth, put, temporaryFolder } from './berth.ts';

const whole: Examined = {
  node: '22.1.0',
  docker: { version: '28.0.1', cgroup: 'v2' },
  problems: [],
  engine: 'version 3.265.0',
  plugin: 'genuine',
  missingImages: 0,
  memoryMb: 4096.5,
  disk: { folder: '/var/lib/docker', freeMb: 20_000 },
  cache: '/home/ada/.cache/berth',
  network: new Map([['get.pulumi.com', undefined]]),
};

const statesOf = (found: Partial<Examined>) =>
  findings({ ...whole, ...found }).flatMap(({ state, what, text }) =>
    state === 'there' ? [] : [`${state} ${what}: ${text}`],
  );

test('a computer that has everything has nothing to note', () => {
  expect(statesOf({})).toEqual([]);
  expect(findingsText(findings(whole))).toMatch(
    /✓ docker {10}28\.0\.1 answers, on cgroup v2\n(.*\n)+\nnpx berth local can/,
  );
});

test('what berth local gets by itself is noted, and is no failure', () => {
  const { engine: _engine, ...without } = whole;
  const network = new Map([['get.pulumi.com', 'get.pulumi.com cannot be reached (ENOTFOUND)']]);
  const found = findings({ ...without, plugin: 'stand-in', missingImages: 3, network });
  expect(found.filter(({ state }) => state === 'note').map(({ what }) => what)).toEqual([
    'engine',
    'command plugin',
    'images',
    'network',
  ]);
  expect(findingsText(found)).toContain('npx berth local can do its work here');
});

test('what the checks of berth local refuse is missing, with what to do; a port is only noted', () => {
  const problems = [
    { path: 'memory', message: '512 MB are available', fix: 'stop other programs' },
    { path: 'port 8443 of 127.0.0.1', message: 'is in use by nginx (pid 4711)', fix: 'stop it' },
  ];
  expect(statesOf({ problems })).toEqual([
    'missing memory: 512 MB are available: stop other programs',
    'note port: 8443 of 127.0.0.1 is in use by nginx (pid 4711): npx berth local takes another',
  ]);
  expect(findingsText(findings({ ...whole, problems }))).toContain('1 to put right before');
});

test('without a docker the command fails, says what is missing, and changes nothing', async () => {
  const project = temporaryFolder();
  put(project, 'Pulumi.yaml', 'name: berth\n');
  const { code, stdout } = await berth(['doctor'], project, { DOCKER_HOST: 'unix:///nowhere/docker.sock' });
  expect(stdout).toMatch(/✗ docker +no docker engine answers .*DOCKER_HOST names unix:\/\/\/nowhere\/docker\.sock/);
  expect(code).toBe(1);
});
