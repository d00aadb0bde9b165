import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiledProgram } from '../../../src/clouds/local/images/program.ts';
import type { TestCluster } from '../../cluster/started.ts';

const version = '0.7.0';
const names = Array.from({ length: 10 }, (_, number) => `simulated-${number}`);

/**
 * Gives a cluster ten nodes that only say that they run what they are given, and closes its own to pods
 * @returns what ends the program behind them
 */
export async function simulatedNodes(
  { kubectl, apply, kubeconfig, place }: TestCluster,
  log: (line: string) => void,
): Promise<() => void> {
  const program = await compiledProgram(kwok, log);
  if (program === undefined) throw new Error('kwok was not compiled');
  await kubectl('cordon', '--selector=!simulated');
  await apply(...names.map(node));
  const file = join(place.folder, 'simulated.conf');
  await writeFile(file, kubeconfig, { mode: 0o600 });
  const words = [
    `--kubeconfig=${file}`,
    '--manage-all-nodes=false',
    '--manage-nodes-with-label-selector=simulated=yes',
  ];
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr.on('data', (data: Buffer) => log(data.toString().trimEnd()));
  await kubectl('wait', '--for=condition=Ready', 'node', '--selector=simulated', '--timeout=60s');
  return () => void child.kill();
}

/** Kubernetes' own simulator of nodes, from its Go module */
const kwok = {
  name: 'kwok',
  context: fileURLToPath(new URL('kwok', import.meta.url)),
  program: { name: `kwok-${version}`, package: 'sigs.k8s.io/kwok/cmd/kwok' },
};

const room = { cpu: '1000', memory: '4000Gi', pods: '1000' };

const node = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name, simulated: 'yes' } },
  status: { allocatable: room, capacity: room },
});
