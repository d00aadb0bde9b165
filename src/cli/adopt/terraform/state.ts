import { recordOf } from '../../new/compose/merge.ts';
import type { Finding } from '../../new/finding.ts';

/** A resource that exists, as Terraform's state has it */
export interface StateResource {
  /** Its address in the state: `module.api.aws_instance.api[0]` */
  address: string;
  type: string;
  /** Its own name, and those of the modules around it */
  names: readonly string[];
  /** Name of its provider */
  provider: string;
  attributes: Readonly<Record<string, unknown>>;
}

export interface State {
  resources: readonly StateResource[];
  findings: readonly Finding[];
}

/**
 * Reads a state of version 4, or what `terraform show -json` prints of a state or a plan; of a plan, what exists before it
 * @param file its name, for messages
 */
export function stateIn(text: string, file: string): State {
  const at = { file, line: 1 };
  const refused = (what: string, way?: string): State => ({
    resources: [],
    findings: [{ kind: 'refused', at, what, ...(way !== undefined && { way }) }],
  });
  const show = 'give terraform.tfstate, or what `terraform show -json [PLAN]` prints';
  let data: Readonly<Record<string, unknown>>;
  try {
    data = recordOf(JSON.parse(text));
  } catch {
    return refused(text.startsWith('PK') ? 'is a plan in Terraform’s own form' : 'is no JSON', show);
  }
  const isShown = 'format_version' in data;
  if (!isShown && data.version !== 4)
    return refused(
      data.version === undefined ? 'is no state' : `is a state of version ${data.version}, and 4 is read`,
      show,
    );
  const resources = isShown ? shown(data) : listOf(data.resources).flatMap(instances);
  if (resources.length > 0) return { resources, findings: [] };
  const planned = 'resource_changes' in data;
  return refused(
    planned ? 'is a plan before which nothing exists' : 'has no resources',
    planned ? 'apply it first, or declare the system for berth alone' : undefined,
  );
}

/** A state of version 4 */
function instances(data: unknown): readonly StateResource[] {
  const { mode, type, name, module = '', provider = '', instances: all } = recordOf(data);
  if (mode !== 'managed') return [];
  return listOf(all).map((one) => {
    const { attributes, index_key: index } = recordOf(one);
    const address = [module, type, name].filter((part) => part !== '').join('.');
    return {
      address: index === undefined ? address : `${address}[${JSON.stringify(index)}]`,
      ...{ type: `${type}`, names: [`${name}`, ...modules(`${module}`)], provider: providerIn(`${provider}`) },
      attributes: recordOf(attributes),
    };
  });
}

/** What `terraform show -json` prints */
function shown(data: Readonly<Record<string, unknown>>): readonly StateResource[] {
  const { values } = 'planned_values' in data ? recordOf(data.prior_state) : data;
  return inModule(recordOf(values).root_module);
}

function inModule(data: unknown): readonly StateResource[] {
  const { resources, child_modules: children } = recordOf(data);
  const own = listOf(resources).flatMap((one): readonly StateResource[] => {
    const { address, mode, type, name, provider_name: provider, values } = recordOf(one);
    if (mode !== 'managed') return [];
    const names = [`${name}`, ...modules(`${address}`)];
    return [
      {
        address: `${address}`,
        type: `${type}`,
        names,
        provider: providerIn(`${provider}`),
        attributes: recordOf(values),
      },
    ];
  });
  return [...own, ...listOf(children).flatMap(inModule)];
}

const modules = (address: string): readonly string[] =>
  [...address.matchAll(/module\.([\w-]+)/g)].map(([, name = '']) => name);

/** `provider["registry.terraform.io/hashicorp/NAME"].west` has its last word as its name */
const providerIn = (text: string): string =>
  /([\w-]+)"?\](?:\.\w+)?$/.exec(text)?.[1] ?? text.split('/').at(-1) ?? text;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
