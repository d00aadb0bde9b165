import type { System } from '../../../model/system.ts';
import type { Finding } from '../../new/finding.ts';
import { neededSecrets } from '../completed.ts';
import type { Entry } from '../entry.ts';
import { optionFields, saidOptions } from '../options.ts';
import type { Placed } from '../places.ts';
import { machineOf } from './links.ts';
import type { StateMachine, TerraformFound } from './terraform.ts';

/** Smallest disk that a machine of berth has, GB */
const leastDiskGb = 10;

/** Returns the entry of a system on the cloud of a state: where it runs, and the machines of each role by size and number */
export function cloudEntry(
  found: TerraformFound,
  { system, roles }: Placed,
  given: Readonly<Record<string, string>>,
): Entry {
  const machines = Object.entries(roles).map(([role, hosts]) => ({
    role,
    all: hosts.flatMap(({ name }) => found.machines.find(({ host }) => host.name === name) ?? []),
  }));
  const regions = [...new Set(machines.flatMap(({ all }) => all.flatMap(({ facts }) => facts.region ?? [])))];
  const blocks = Object.fromEntries(
    machines.map(({ role, all }) => [system.roles[role]?.option ?? role, roleBlock(all, found)]),
  );
  const { decides } = optionFields(system);
  const options = {
    cloud: found.cloud,
    ...(regions[0] !== undefined && { region: regions[0] }),
    ...(decides?.values.includes('acme') && { [decides.name]: 'acme' }),
    ...saidOptions(system, given),
    ...blocks,
  };
  return {
    ...{ system: system.name, options, secrets: {}, needed: neededSecrets(system, options) },
    findings: [
      ...regionFindings(system, regions),
      ...machines.flatMap(({ role, all }) => [...sizeFindings(role, all), ...all.map(stays)]),
    ],
  };
}

function roleBlock(all: readonly StateMachine[], { resources, table }: TerraformFound) {
  const [first] = all.map(({ facts }) => facts);
  const own = all.map(({ resource }) => resource);
  const volumes = resources.flatMap((resource) => {
    const machine =
      table.imports[resource.type]?.needs === 'volume' ? machineOf(resource, resources, table) : undefined;
    const { size, disk_size_gb: gb } = resource.attributes;
    return machine && own.includes(machine) ? Number(size ?? gb) : [];
  });
  return {
    ...(all.length > 1 && { count: all.length }),
    ...(first?.size !== undefined && { size: first.size }),
    ...(first?.diskGb !== undefined && first.diskGb >= leastDiskGb && { diskGb: first.diskGb }),
    ...(volumes.length > 0 && { volumeGb: Math.max(...volumes) }),
    ...(first?.isReserved && first.address !== undefined && { address: first.address }),
  };
}

const regionFindings = ({ name }: System<unknown>, regions: readonly string[]): readonly Finding[] =>
  regions.length > 1
    ? [{ kind: 'left', what: `machines of ${name} are in ${regions.join(' and ')}: a system has one region` }]
    : [];

function sizeFindings(role: string, all: readonly StateMachine[]): readonly Finding[] {
  const sizes = [...new Set(all.flatMap(({ facts }) => facts.size ?? []))];
  return sizes.length > 1
    ? [{ kind: 'changed', what: `machines of role ${role} are ${sizes.join(' and ')}: all are ${sizes[0]}` }]
    : [];
}

/** Its host key and the deploy key come by a machine's first boot */
const stays = ({ resource }: StateMachine): Finding => ({
  ...{
    kind: 'changed',
    what: `${resource.address}: berth makes a new machine, which boots with its own host key and deploy key`,
  },
  way: 'take the old one out of its state when the new one serves; --keep-machines adopts machines as they are, over SSH',
});
