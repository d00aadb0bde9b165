import { expect, test } from 'vitest';
import { nodeContainer, nodeVolumes } from '../../../../../src/clouds/local/cluster/node.ts';
import { clusterPlace } from '../../../../../src/clouds/local/cluster/place.ts';
import { stackOwner } from '../../../../../src/clouds/local/setUp/stack.ts';
import { checkout } from '../../../../../src/paths.ts';

const inputs = { name: 'berth-cluster-1-node', network: 'n', address: '10.213.0.20', image: 'i', pause: 'p' };

test('a node publishes no port, and is not privileged', () => {
  const { HostConfig, ...rest } = nodeContainer(inputs);
  expect(Object.keys({ ...HostConfig, ...rest })).not.toContain('PortBindings');
  expect(Object.keys({ ...HostConfig, ...rest })).not.toContain('Privileged');
});

test("a node's own container engine works below a volume, as every folder that pods keep", () => {
  const binds = nodeContainer(inputs).HostConfig.Binds;
  expect(binds).toEqual(Object.entries(nodeVolumes(inputs.name)).map(([folder, volume]) => `${volume}:${folder}`));
  expect(binds.every((bind) => bind.startsWith('berth-cluster-1-node-'))).toBe(true);
});

test('two clones and two stacks have clusters of their own, removed by the label of their stack', () => {
  const place = (stack: string, project: string) => ({ stack, folder: '/tmp/none', project });
  const here = clusterPlace(place('cluster', checkout));
  expect(clusterPlace(place('cluster-7', checkout)).node).not.toBe(here.node);
  expect(here.owner('node')['berth.stack']).toBe(stackOwner(place('cluster', checkout)));
});
