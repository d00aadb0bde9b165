import type { Clouds } from '../../../model/cloud.ts';
import type { TerraformMachine, TerraformTable } from '../../../model/terraform.ts';
import type { Finding } from '../../new/finding.ts';
import type { Files } from '../files.ts';
import type { Found, FoundHost } from '../found.ts';
import { type StateResource, stateIn } from './state.ts';

/** What a state has of one cloud */
export interface TerraformFound extends Found {
  cloud: string;
  table: TerraformTable;
  resources: readonly StateResource[];
  machines: readonly StateMachine[];
}

export interface StateMachine {
  resource: StateResource;
  host: FoundHost;
  facts: TerraformMachine;
}

const empty = { hosts: [], settings: [], registries: {} };

/** Returns the machines of a state, and the cloud that they are in; undefined where it has none that berth has */
export function terraformFound(file: string, files: Files, clouds: Clouds): TerraformFound | Found {
  const text = files.text(file);
  const at = { file, line: 1 };
  if (text === undefined) return { ...empty, findings: [{ kind: 'refused', at, what: 'is not there' }] };
  const { resources, findings } = stateIn(text, file);
  if (findings.length > 0) return { ...empty, findings };
  const tables = Object.values(clouds).flatMap(({ name, terraform }) =>
    terraform ? [{ cloud: name, table: terraform }] : [],
  );
  const found = tables.filter(({ table }) => resources.some(({ provider }) => provider === table.provider));
  const known = tables.map(({ table }) => table.provider).join(', ');
  const [first, ...more] = found;
  if (!first || more.length > 0) {
    const providers = [...new Set(resources.map(({ provider }) => provider))].join(', ');
    const what = first ? `has resources of several clouds: ${providers}` : `has resources of ${providers} alone`;
    return { ...empty, findings: [{ kind: 'refused', at, what, way: `one of ${known} is read at a time` }] };
  }
  const own = resources.filter(({ provider }) => provider === first.table.provider);
  const foreign = resources.filter(({ provider }) => provider !== first.table.provider);
  const machines = own.flatMap((resource) => machineIn(resource, first.table, file));
  const other = foreign.map(
    ({ address, provider }): Finding => ({
      kind: 'left',
      what: `${address}: nothing of provider ${provider} is taken over`,
    }),
  );
  return {
    ...{ ...first, resources: own, machines },
    ...{ hosts: machines.map(({ host }) => host), settings: [], registries: {} },
    findings: other,
  };
}

/** Its own name and the one in the cloud; those of its modules where its own says nothing */
function groupsOf({ names: [own = '', ...modules] }: StateResource, name: string | undefined): readonly string[] {
  const saysNothing = /^(?:this|main|default|instance|instances|server|servers|vm|machine|node|host)$/.test(own);
  return [...new Set([own, ...(name === undefined ? [] : [name]), ...(saysNothing ? modules : [])])];
}

function machineIn(resource: StateResource, { machines }: TerraformTable, file: string): readonly StateMachine[] {
  const facts = machines[resource.type]?.(resource.attributes);
  if (!facts) return [];
  const { address = '', privateAddress, user, name } = facts;
  const host: FoundHost = {
    ...{ name: resource.address, address, at: { file, line: 1 } },
    groups: groupsOf(resource, name),
    ...(privateAddress !== undefined && { privateAddress }),
    ...(user !== undefined && { user }),
  };
  return [{ resource, host, facts }];
}
