import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { berthHere, deployedProject, deployKey, outputsOf } from '../../berth.ts';

async function site(): Promise<string> {
  const server = createServer((_, response) => response.end('"3.3.0"'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://basegun.localhost:${(server.address() as AddressInfo).port}`;
}

test('--html writes one file with what is known, which its owner alone reads and no secret is in', async () => {
  const { project, env } = deployedProject(outputsOf(await site()));
  const file = join(project, 'page.html');
  const { code, stdout } = await berthHere(['status', 'local', '--html', file], project, env);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^wrote \S+page\.html, \d+ kB\n$/) });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = readFileSync(file, 'utf8');
  for (const says of ['basegun 3.3.0', 'basegun-web-0', 'Who may reach what', 'traefik', '198.51.100.0/24'])
    expect(text).toContain(says);
  expect(text).not.toContain(deployKey.split('\n')[1]);
  // The engine of this project tells no history
  expect(text).toContain('The runs of the engine are not known');
});

test('it ends with 1 where a site does not answer, and the page says so', async () => {
  const { project, env } = deployedProject(outputsOf('http://basegun.localhost:9'));
  const file = join(project, 'page.html');
  const { code } = await berthHere(['status', 'local', '--html', file], project, env);
  expect(code).toBe(1);
  expect(readFileSync(file, 'utf8')).toMatch(/grave[\s\S]*basegun<\/a>: 127\.0\.0\.1:9: connection refused/);
});

test('a system in a cluster has its workloads on the page, and no machine', async () => {
  const outputs = outputsOf(await site());
  const cluster = {
    namespace: 'basegun-prod',
    workloads: { web: { kind: 'Deployment', name: 'basegun-web', pods: 2 } },
  };
  const { project, env } = deployedProject({
    systems: { basegun: { ...outputs.systems.basegun, machines: {}, cluster } },
  });
  const file = join(project, 'page.html');
  const { code, stderr } = await berthHere(['status', 'local', '--html', file], project, env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('namespace basegun-prod: Deployment basegun-web with 2');
  expect(text).toContain('The systems of this stack have no machines.');
});

test('what does not go together is refused, and so is what is no port', async () => {
  const wrong = [
    ['--html', 'x', '--json'],
    ['--serve', '--check'],
    ['--serve', '99999'],
  ];
  for (const words of wrong) expect((await berthHere(['status', 'local', ...words])).code, words.join(' ')).toBe(2);
});
