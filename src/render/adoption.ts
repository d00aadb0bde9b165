import { adoptedHost, bastionNetwork } from '../model/adopted.ts';
import { dockerNetworks } from '../model/containerRange.ts';
import { machineName } from '../model/names.ts';
import type { Bundle } from './bundle.ts';
import { hostEngine } from './engine.ts';
import { machineOpenings, sourcesOf } from './firewall.ts';
import { shortHash } from './hash.ts';
import type { MachineInput } from './machine.ts';
import { engineCommand, rulesFile } from './paths.ts';
import type { Release } from './releaseFormat.ts';
import { lines } from './tables.ts';
import { fileText } from './template.ts';

/** Packages, images and a release fit with room to spare */
const minimumFreeMb = 1000;
/** The release's login follows at once, and is tried for half a minute */
const trialSeconds = 120;

/**
 * What looks at an adopted machine before its release does: its system, room, clock and open ports, all of them; then it
 * puts the rules of its firewall on trial, which the release's own login proves. It changes with the rules alone (and
 * with berth's own scripts), so that a release is no reason to look again.
 * @param release its release, whose packages and rules these are
 */
export function adoption(input: MachineInput, { entries: release }: Bundle): Bundle {
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

/** Who must reach the machine or be reached from it, as networks and addresses: none of docker's networks may lie over them */
function othersOf(input: MachineInput): readonly string[] {
  const callers = machineOpenings(input).flatMap(({ from }) => {
    const sources = sourcesOf(from, input);
    return sources === 'any' ? [] : sources;
  });
  const called = input.blueprint.rules.flatMap(({ from, to }) =>
    typeof from === 'object' && 'role' in from && from.role === input.machine.role ? [to] : [],
  );
  const peers = called
    .flatMap((role) => input.blueprint.roles[role] ?? [])
    .flatMap(({ hosts = [] }) => hosts.flatMap(({ address, privateAddress = address }) => [address, privateAddress]));
  return [...new Set([...input.operators.networks, ...callers, ...peers])];
}
