import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as listenerOn } from 'node:net';
import { release } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { lookAtComputer } from '../../../../../../src/clouds/local/provider/computer/look.ts';
import type { WantedOfComputer } from '../../../../../../src/clouds/local/provider/computer/wanted.ts';
import { freePort } from '../../../../../freePort.ts';
import { temporaryFolder } from '../../../../cli/berth.ts';

/** An engine that answers these paths, and has nothing else; gives what it is asked */
async function dockerThat(answers: Readonly<Record<string, unknown>>): Promise<string[]> {
  const asked: string[] = [];
  const socket = join(temporaryFolder(), 'docker.sock');
  const server = createServer(({ method, url = '' }, response) => {
    asked.push(`${method} ${url}`);
    const answer = answers[url];
    response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? { message: 'no such thing' }));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => void server.close());
  vi.stubEnv('DOCKER_HOST', `unix://${socket}`);
  return asked;
}

const version = { Version: '28.2.2', ApiVersion: '1.50', Os: 'linux', KernelVersion: release() };
const info = { DockerRootDir: '/', CpuCfsQuota: true };

const wanted = (own: Partial<WantedOfComputer> = {}): WantedOfComputer => ({
  ...{ owner: 'berth/local/0a1b2c3d', file: 'Pulumi.local.yaml', containers: [], images: [], imagesMb: 0 },
  ...own,
});

test('docker is asked what it is and has, and nothing is changed', async () => {
  const labels = { 'berth.stack': 'berth/local/0a1b2c3d', 'berth.urn': 'urn:pulumi:local::berth::a$b::basegun-web-0' };
  const ports = [
    { IP: '127.0.0.1', PrivatePort: 443, PublicPort: 8443, Type: 'tcp' },
    { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
    { IP: '192.0.2.1', PrivatePort: 81, PublicPort: 8081, Type: 'tcp' },
    { PrivatePort: 22, Type: 'tcp' },
  ];
  const asked = await dockerThat({
    '/version': version,
    '/info': info,
    '/containers/json?all=1': [
      { Names: ['/web'], State: 'running', Labels: labels, Ports: ports },
      { Names: ['/other'], State: 'exited', Labels: {}, Ports: [] },
    ],
    '/images/berth/machine:1/json': { Id: 'sha256:1' },
  });
  const computer = await lookAtComputer(wanted({ images: ['berth/machine:1', 'berth/acme:2', 'berth/acme:2'] }));
  expect(computer.docker).toEqual({
    ...{ version: '28.2.2', apiVersion: '1.50', os: 'linux', limitsCpus: true, absentImages: ['berth/acme:2'] },
    containers: [
      { name: 'web', owner: 'berth/local/0a1b2c3d', resource: 'basegun-web-0', runs: true, ports: [8443, 8080] },
      { name: 'other', runs: false, ports: [] },
    ],
  });
  expect(computer.disk?.folder).toBe('/');
  expect(computer.disk?.freeMb).toBeGreaterThan(0);
  const total = Number(/MemTotal:\s*(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) / 1024;
  expect(computer.memoryMb).toBeGreaterThan(0);
  expect(computer.memoryMb).toBeLessThan(total);
  expect(asked.filter((call) => !call.startsWith('GET '))).toEqual([]);
});

test("memory and disk of a docker on another kernel are not this computer's", async () => {
  const answers = { '/info': { DockerRootDir: '/' }, '/containers/json?all=1': [] };
  await dockerThat({ '/version': { ...version, KernelVersion: '6.10.14-linuxkit' }, ...answers });
  expect(Object.keys(await lookAtComputer(wanted()))).toEqual(['docker', 'taken']);
});

test('a docker that does not answer is one sentence, and ports are looked at all the same', async () => {
  vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock');
  const port = await takenPort();
  const containers = [{ name: 'a', memoryMb: 0, diskMb: 0, publish: [{ machinePort: 80, hostPort: port }] }];
  const { docker, taken } = await lookAtComputer(wanted({ containers }));
  expect(docker).toEqual({ obstacle: expect.stringContaining('does not answer at /nowhere/docker.sock (ENOENT)') });
  expect(taken.map((one) => one.port)).toEqual([port]);
  expect((await lookAtComputer(wanted(), 'no docker can be had')).docker).toEqual({ obstacle: 'no docker can be had' });
});

test('a taken port is found with its holder, and a free one is not taken by the look', async () => {
  await dockerThat({ '/version': version, '/info': info, '/containers/json?all=1': [] });
  const [taken, free] = [await takenPort(), await freePort()];
  const publish = [taken, free].map((hostPort) => ({ machinePort: 80, hostPort }));
  const question = wanted({ containers: [{ name: 'a', memoryMb: 0, diskMb: 0, publish }] });
  const name = readFileSync('/proc/self/comm', 'utf8').trim();
  const expected = [{ port: taken, by: { name, pid: process.pid } }];
  expect((await lookAtComputer(question)).taken).toEqual(expected);
  expect((await lookAtComputer(question)).taken).toEqual(expected);
});

/** On every address, as most programs listen */
async function takenPort(): Promise<number> {
  const port = await freePort();
  const server = listenerOn();
  await new Promise<void>((resolve) => server.listen(port, resolve));
  onTestFinished(() => void server.close());
  return port;
}
