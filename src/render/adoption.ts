import { adoptedHost, bastionNetwork } from '../model/adopted.ts';
import { dockerNetworks } from '../model/containerRange.ts';
import { machineName } from '../model/names.ts';
import { callsBetween } from '../model/openings.ts';
import type { Bundle } from './bundle.ts';
import { hostEngine } from './engine.ts';
import { machineOpenings, sourcesOf } from './firewall.ts';
import { shortHash } from './hash.ts';
import type { MachineInput } from './machine.ts';
import { engineCommand, rulesFile } from './paths.ts';
import type { Release } from './releaseFormat.ts';
import { lines } from './tables.ts';
import { fileText } from './template.ts';

/** Free disk space that packages, images and a release need, with a margin */
const minimumFreeMb = 1000;
/** The release logs in directly after and retries for 30 seconds */
const trialSeconds = 120;

/**
 * Returns the bundle that checks an adopted machine before its first release: operating system, disk space, clock and
 * open ports, reporting all faults. It then applies the firewall rules on trial; the login of the release confirms
 * them. It depends only on the rules and berth's scripts, so that a new release does not repeat it.
 * @param release the machine's release, the source of packages and firewall rules
 */
export function adoption(
  input: Pick<MachineInput, 'blueprint' | 'containerRange' | 'facts' | 'machine' | 'operators' | 'role'>,
  { entries: release }: Bundle,
): Bundle {
  const { packages } = JSON.parse(release['release.json'] ?? '') as Release;
  const { blueprint, machine, operators, role } = input;
  const host = adoptedHost(role, machine.index);
  if (!host) throw new Error(`${machineName(machine)} is no adopted machine`);
  const ports = machineOpenings(input).map(({ protocol, port }) => `${protocol} ${port}\n`);
  const settings = {
    SYSTEM: blueprint.system,
    MACHINE: machineName(machine),
    MINIMUM_FREE_MB: `${minimumFreeMb}`,
    TRIAL_SECONDS: `${trialSeconds}`,
    KEEP_OPEN: host.keepOpen.join(' '),
    SSH_PORT: `${host.port}`,
    SSH_FROM: [...operators.networks, ...(host.proxy ? [bastionNetwork(host.proxy)] : [])].join(', '),
    OTHERS: othersOf(input).join(' '),
    RETIRE: engineCommand(blueprint.system, 'retire'),
    DOCKER_NETWORKS: JSON.stringify(dockerNetworks(input.containerRange)),
  };
  const entries = {
    'adoption.env': Object.entries(settings)
      .map(([name, value]) => `${name}='${value}'\n`)
      .join(''),
    'firewall.nft.conf': release[`files${rulesFile}`] ?? '',
    packages: lines(packages),
    ports: [...new Set(ports)].join(''),
    ...hostEngine(),
    'start.sh': fileText('adoption/adopt.sh'),
    'networks.sh': fileText('adoption/networks.sh'),
    'packages.sh': fileText('adoption/packages.sh'),
    'trial.sh': fileText('adoption/trial.sh'),
  };
  return { system: blueprint.system, hash: shortHash(JSON.stringify(entries), 16), entries };
}

/**
 * Networks and addresses that connect to the machine or that it connects to; docker's networks must not overlap them
 */
function othersOf(input: Pick<MachineInput, 'blueprint' | 'facts' | 'machine' | 'operators'>): readonly string[] {
  const callers = machineOpenings(input).flatMap(({ from }) => {
    const sources = sourcesOf(from, input);
    return sources === 'any' ? [] : sources;
  });
  const called = callsBetween(input.blueprint.rules).flatMap(({ from, to }) =>
    from === input.machine.role ? [to] : [],
  );
  const peers = called
    .flatMap((role) => input.blueprint.roles[role] ?? [])
    .flatMap(({ hosts = [] }) => hosts.flatMap(({ address, privateAddress = address }) => [address, privateAddress]));
  return [...new Set([...input.operators.networks, ...callers, ...peers])];
}
