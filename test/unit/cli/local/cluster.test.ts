import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { welcomeToCluster } from '../../../../src/cli/local/cluster.ts';
import { berth, put, temporaryFolder } from '../berth.ts';

const settings = { ingressClass: 'traefik', ingressNamespace: 'ingress', storageClass: 'local', certResolver: 'acme' };

test('a new cluster shows its settings as an environment file takes them, its kubeconfig and the way to remove it', () => {
  const text = welcomeToCluster({
    node: 'a-node',
    address: '10.213.4.60',
    kubeconfig: '/p/.berth/kubeconfig',
    settings,
  });
  const block = text.split('\n').filter((line) => /^ {4,}\w/.test(line));
  expect(parse(block.join('\n'))).toEqual({ 'berth:clouds': { kubernetes: settings } });
  for (const told of ['10.213.4.60', '/p/.berth/kubeconfig', 'npx berth local --kubernetes --down']) {
    expect(text).toContain(told);
  }
});

test('a cluster takes no names of systems, and says so before anything is set up', async () => {
  const project = temporaryFolder();
  put(project, 'Pulumi.yaml', 'name: berth\n');
  const { code, stderr } = await berth(['local', '--kubernetes', 'basegun'], project);
  expect(code).toBe(1);
  expect(stderr).toContain('--kubernetes takes no systems, and basegun was named');
  expect(existsSync(join(project, '.berth'))).toBe(false);
});
