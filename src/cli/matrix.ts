import { Command } from 'commander';
import { portText } from '../model/failover.ts';
import type { Party, Reach } from '../model/matrix.ts';
import { stackName } from '../pulumi/stackName.ts';

export const matrixCommand = (): Command =>
  new Command('matrix')
    .summary('who may reach what, and why')
    .description('print the reachability matrix: who may reach what, and why; reads only the environment file')
    .argument('<stack>', 'the environment, for example preprod')
    .option('--json', 'for scripts')
    .addHelpText('after', details)
    .action(matrix);

const details = `
The cloud's security groups and each machine's own firewall are made from the same rules, and so are the policies of a
cluster, where ports are those of pods, and what the internet may reach is reached by the ingress. Everything else is closed.

--json prints one object, whose keys stay as they are:
  { "stack": "preprod", "otherwise": "closed", "open": [
    { "system": "basegun", "port": 80, "protocol": "tcp", "why": "…",
      "from": { "kind": "internet" }
            | { "kind": "operators", "networks": ["198.51.100.0/24"] }
            | { "kind": "networks", "name": "gateway", "networks": ["203.0.113.0/28"] }
            | { "kind": "role", "role": "api", "machines": ["mad-api-0"] },
      "to": { "role": "web", "machines": ["basegun-web-0"] } } ] }

Examples:
  $ berth matrix preprod
  $ berth matrix prod --json | jq '.open[] | select(.from.kind == "internet")'`;

async function matrix(stack: string, options: { json?: boolean }): Promise<void> {
  const { readOffline } = await import('./environment.ts');
  const { reachability } = await import('../model/matrix.ts');
  const { isInCluster } = await import('./inCluster.ts');
  const { environment, blueprints } = readOffline(stack);
  const open = blueprints.flatMap((blueprint) => reachability(blueprint, environment.operators));
  if (options.json) {
    console.log(JSON.stringify({ stack: stackName(stack), otherwise: 'closed', open }, null, 2));
    return;
  }
  const { table } = await import('./table.ts');
  const pods = (system: string) => isInCluster(environment, system);
  process.stdout.write(
    table(
      ['FROM', 'TO', 'PORT', 'WHY'],
      open.map((reach) => row(reach, pods(reach.system))),
    ),
  );
  const all = blueprints.every(({ system }) => pods(system));
  console.log(
    `\nEverything else is closed, ${all ? 'by the policies of each namespace' : 'on the cloud and on each machine'}.`,
  );
}

const row = ({ system, from, to, port, protocol, why }: Reach, pods: boolean): readonly string[] => [
  sourceText(system, from, pods),
  roleText(system, to, pods),
  portText({ port, protocol }),
  why,
];

function sourceText(system: string, from: Party, pods: boolean): string {
  if (from.kind === 'internet') return 'internet';
  if (from.kind === 'role') return roleText(system, from, pods);
  return `${from.kind === 'operators' ? 'operators' : from.name}: ${from.networks.join(', ')}`;
}

function roleText(
  system: string,
  { role, machines }: { role: string; machines: readonly string[] },
  pods: boolean,
): string {
  // A balancer or cache that the cloud runs has no machines
  if (machines.length === 0) return `${system} ${role} (the cloud's own)`;
  return `${system} ${role} (${machines.length} ${pods ? 'pod' : 'machine'}${machines.length === 1 ? '' : 's'})`;
}
