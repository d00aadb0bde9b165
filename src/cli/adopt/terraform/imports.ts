import { machineName } from '../../../model/names.ts';
import type { Attributes, TerraformImport } from '../../../model/terraform.ts';
import type { Finding } from '../../new/finding.ts';
import type { Declared } from '../completed.ts';
import type { Placed } from '../places.ts';
import { machineOf } from './links.ts';
import type { StateResource } from './state.ts';
import type { TerraformFound } from './terraform.ts';

/** A line of the file that `pulumi import --file` reads */
export interface ImportedResource {
  type: string;
  /** In the file, where parents are found by it */
  name: string;
  /** In the program. @default the same */
  logicalName?: string;
  id?: string;
  parent?: string;
  component?: true;
}

export interface Imports {
  resources: readonly ImportedResource[];
  findings: readonly Finding[];
}

export interface ImportContext {
  placed: readonly Placed[];
  /** Buckets of each system, and roles that have a data disk */
  declared: Readonly<Record<string, Declared>>;
  /** Range of the networks that berth makes */
  network: string;
  /** Settings of the cloud in the environment */
  settings: Attributes;
  /** Names in the cloud by bucket, as a person said them */
  buckets: Readonly<Record<string, string>>;
}

/** Type of the component that every resource of a system is a child of */
const systemType = 'berth:index:System';

/** Resources may have the name of their system, so the file has another one for it */
const componentOf = (system: string): string => `system-${system}`;

/** Returns what of a state is imported as which resource of the program, and why anything else is not */
export function importsOf(found: TerraformFound, context: ImportContext): Imports {
  const resources: ImportedResource[] = [];
  const findings: Finding[] = [];
  for (const resource of found.resources) {
    if (resource.type in found.table.machines) continue;
    const read = importOf(resource, found, context);
    const twin =
      'why' in read ? undefined : resources.find(({ type, name }) => type === read.type && name === read.name);
    if (!('why' in read) && !twin) resources.push(read);
    else {
      const { why, way } = 'why' in read ? read : { why: `another one is ${read.name} already`, way: undefined };
      findings.push({ kind: 'left', what: `${resource.address}: ${why}`, ...(way !== undefined && { way }) });
    }
  }
  const components = context.placed
    .map(({ system: { name } }) => ({ name: componentOf(name), logicalName: name }))
    .filter(({ name }) => resources.some(({ parent }) => parent === name))
    .map((names): ImportedResource => ({ type: systemType, ...names, component: true }));
  return { resources: [...components, ...resources], findings };
}

/** Why something is not imported, and what a person may do */
interface Reason {
  why: string;
  way?: string;
}

function importOf(resource: StateResource, found: TerraformFound, context: ImportContext): ImportedResource | Reason {
  const { type, attributes } = resource;
  const kind = found.table.imports[type];
  if (!kind)
    return { why: found.table.left.find(([types]) => types.test(type))?.[1] ?? `berth has no counterpart of ${type}` };
  const all = found.resources.map((one) => one.attributes);
  const flaw = kind.flaw?.(attributes, all, context.settings) ?? rangeFlaw(kind, resource, context);
  if (flaw !== undefined) return { why: flaw };
  const owner = ownerOf(kind, resource, found, context);
  if ('why' in owner) return owner;
  const id = kind.id ? kind.id(attributes) : attributes.id;
  if (typeof id !== 'string' || id === '') return { why: 'it has no id: it does not exist yet' };
  return { type: kind.type, name: `${owner.name}${kind.ending ?? ''}`, id, parent: componentOf(owner.system) };
}

function rangeFlaw({ range }: TerraformImport, { attributes }: StateResource, { network }: ImportContext) {
  const own = range?.(attributes);
  return own === undefined || own === network ? undefined : `its range is ${own}, and berth:network is ${network}`;
}

type Owner = { name: string; system: string } | Reason;

function ownerOf(kind: TerraformImport, resource: StateResource, found: TerraformFound, context: ImportContext): Owner {
  if (kind.of === 'machine') return machineOwner(kind, resource, found, context);
  if (kind.of === 'bucket') return bucketOwner(kind, resource, context);
  const [only, ...more] = context.placed;
  if (only && more.length === 0) return { name: only.system.name, system: only.system.name };
  return { why: 'several systems would have it, and each has its own' };
}

function machineOwner(
  { needs }: TerraformImport,
  resource: StateResource,
  { resources, table }: TerraformFound,
  { placed, declared }: ImportContext,
): Owner {
  const machine = machineOf(resource, resources, table);
  if (!machine) return { why: 'it belongs to no machine' };
  for (const { system, roles } of placed)
    for (const [role, hosts] of Object.entries(roles)) {
      const index = hosts.findIndex(({ name }) => name === machine.address);
      if (index < 0) continue;
      if (needs === 'volume' && !declared[system.name]?.volumes.includes(role))
        return { why: `role ${role} of ${system.name} keeps nothing on a disk of its own` };
      if (needs === 'reserved' && !declared[system.name]?.reserved.includes(role))
        return { why: `machines of role ${role} have addresses that go with them` };
      return { name: machineName({ system: system.name, role, index }), system: system.name };
    }
  return { why: `its machine ${machine.address} gets no role` };
}

function bucketOwner({ bucket, api }: TerraformImport, { attributes }: StateResource, context: ImportContext): Owner {
  const name = bucket ? bucket(attributes) : attributes.name;
  const all = context.placed.flatMap(({ system }) =>
    (context.declared[system.name]?.buckets ?? []).map((one) => ({ ...one, system: system.name })),
  );
  const said = all.filter((one) => context.buckets[one.name] === name);
  const alike = all.filter((one) => context.buckets[one.name] === undefined && `${name}`.includes(one.name));
  const [only, ...more] = said.length > 0 ? said : alike;
  if (only && more.length === 0) {
    // The first protocol that the cloud has is the one that is used
    if (api !== undefined && only.apis[0] !== api)
      return { why: `bucket ${only.name} of ${only.system} is used by ${only.apis[0]}, and this one by ${api}` };
    return { name: `${only.system}-${only.name}`, system: only.system };
  }
  const known = all.map((one) => one.name).join(', ');
  if (known === '') return { why: 'no system has a bucket' };
  return { why: `its name ${name} does not say which bucket it is: ${known}`, way: `--bucket ${all[0]?.name}=${name}` };
}
