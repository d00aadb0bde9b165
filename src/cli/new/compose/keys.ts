import type { Finding } from '../finding.ts';
import { listOf } from './forms.ts';
import { recordOf } from './merge.ts';
import type { Source } from './service.ts';

/** Keys that mean the same on berth's machines without more, or that only matter on one's own computer */
const without = new Set([
  ...['container_name', 'hostname', 'init', 'labels', 'links', 'logging', 'networks', 'platform', 'pull_policy'],
  ...['stdin_open', 'tty', 'develop', 'security_opt', 'read_only', 'cap_drop', 'annotations', 'attach'],
  ...['oom_kill_disable', 'oom_score_adj', 'mem_reservation', 'memswap_limit', 'mem_swappiness', 'pids_limit'],
]);

/** Keys that are read elsewhere */
const read = new Set([
  ...['image', 'build', 'command', 'entrypoint', 'environment', 'env_file', 'ports', 'expose', 'volumes'],
  ...['healthcheck', 'depends_on', 'secrets', 'user', 'restart', 'profiles', 'stop_grace_period', 'stop_signal'],
  ...['deploy', 'mem_limit', 'cpus', 'tmpfs', 'extends'],
]);

const refusals: Readonly<Record<string, readonly [what: string, way: string]>> = {
  privileged: ['asks for all rights on its machine, which berth gives to no container', 'leave it out by --without'],
  gpus: [
    'asks for a GPU, which no machine of berth has',
    'run it where the GPU is, and give its address as a variable',
  ],
  devices: ['asks for a device of its machine', 'run it where the device is, and give its address as a variable'],
  network_mode: ['has the network of its machine', 'remove network_mode: services reach each other by their names'],
  pid: ['sees the processes of its machine', 'leave it out by --without'],
  cap_add: ['asks for a capability, and berth drops all of them', 'remove cap_add if it does without, or --without'],
};

const left: Readonly<Record<string, string>> = {
  configs: 'put the file into the image, or give it by `config` of the container in system.ts',
  working_dir: 'set WORKDIR in the image',
  sysctls: 'no container of berth changes the kernel',
  ulimits: "docker's own limits apply",
  extra_hosts: 'give the address as a variable',
  dns: "the machine's own name servers are asked",
  shm_size: 'what it writes to /dev/shm has 64 MB',
};

/** Returns what a service is given that berth has no equivalent for */
export function keyFindings(source: Source): readonly Finding[] {
  const { name, data } = source;
  return [
    ...Object.keys(data).flatMap((key) => keyFinding(source, key)),
    ...gpuFindings(source),
    ...listOf(data.tmpfs)
      .map(String)
      .filter((path) => path !== '/tmp' && !path.startsWith('/tmp:'))
      .map((path): Finding => left_(source, 'tmpfs', `${name} has memory at ${path}`, 'only /tmp can be written to')),
    ...replicaFindings(source),
  ];
}

function keyFinding(source: Source, key: string): readonly Finding[] {
  if (without.has(key) || read.has(key) || key.startsWith('x-')) return [];
  const value = source.data[key];
  const [what, way] = refusals[key] ?? [];
  if (what !== undefined && way !== undefined) {
    if (value === false || (key === 'network_mode' && value === 'bridge')) return [];
    const at = source.at(key);
    return [{ kind: 'refused', ...(at && { at }), what: `${source.name} ${what}`, way }];
  }
  return [left_(source, key, `${source.name} has ${key}`, left[key] ?? 'berth has nothing like it')];
}

function left_(source: Source, key: string, what: string, way: string): Finding {
  const at = source.at(key);
  return { kind: 'left', ...(at && { at }), what, way };
}

function gpuFindings(source: Source): readonly Finding[] {
  const { reservations } = recordOf(recordOf(source.data.deploy).resources);
  if (recordOf(reservations).devices === undefined) return [];
  const [what = '', way = ''] = refusals.gpus ?? [];
  const at = source.at('deploy', 'resources', 'reservations', 'devices');
  return [{ kind: 'refused', ...(at && { at }), what: `${source.name} ${what}`, way }];
}

function replicaFindings(source: Source): readonly Finding[] {
  const { replicas } = recordOf(source.data.deploy);
  if (replicas === undefined || Number(replicas) <= 1) return [];
  const at = source.at('deploy', 'replicas');
  const what = `${source.name} runs ${replicas} times, and here once on a machine`;
  return [{ kind: 'changed', ...(at && { at }), what, way: 'a larger machine, or CONTRIBUTING.md, "A new system"' }];
}
