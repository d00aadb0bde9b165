import { expect, test } from 'vitest';
import { nodeContainer, ownVolumes, sharedVolumes } from '../../../../../src/clouds/local/cluster/node.ts';
import { clusterPlace } from '../../../../../src/clouds/local/cluster/place.ts';
import { stackOwner } from '../../../../../src/clouds/local/setUp/stack.ts';
import { checkout } from '../../../../../src/paths.ts';

const name = 'berth-cluster-1-node';
const volumes = { ...ownVolumes(name), ...sharedVolumes(name) };
const inputs = { network: 'n', address: '10.213.0.20', image: 'i', pause: 'p', volumes };

test('a node publishes no port, and is not privileged', () => {
  const { HostConfig, ...rest } = nodeContainer(inputs);
  expect(Object.keys({ ...HostConfig, ...rest })).not.toContain('PortBindings');
  expect(Object.keys({ ...HostConfig, ...rest })).not.toContain('Privileged');
});

test("a node's own container engine works below a volume, as every folder that pods keep", () => {
  const binds = nodeContainer(inputs).HostConfig.Binds;
  expect(binds).toEqual([
    `${name}-containerd:/var/lib/containerd`,
    `${name}-kubelet:/var/lib/kubelet`,
    `${name}-volumes:/tmp/hostpath_pv`,
  ]);
});

test('a second node has a name of its own and no control plane', () => {
  const first = nodeContainer(inputs);
  const second = nodeContainer({ ...inputs, worker: 'worker' });
  expect([first.Hostname, second.Hostname]).toEqual(['node', 'worker']);
  const removes = /rm -f .*arguments\/etcd .*arguments\/kube-scheduler/;
  expect([first, second].map(({ Entrypoint }) => removes.test(Entrypoint.join(' ')))).toEqual([false, true]);
});

test('two clones and two stacks have clusters of their own, removed by the label of their stack', () => {
  const place = (stack: string, project: string) => ({ stack, folder: '/tmp/none', project });
  const here = clusterPlace(place('cluster', checkout));
  expect(clusterPlace(place('cluster-7', checkout)).node).not.toBe(here.node);
  expect(here.owner('node')['berth.stack']).toBe(stackOwner(place('cluster', checkout)));
});
