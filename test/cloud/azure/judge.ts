import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../../../src/paths.ts';
import type { DeclaredResource } from '../../../src/policy/recorded.ts';
import { linter } from '../../../tools/lib/linters.ts';
import { type Lines, python } from '../lines.ts';
import { opened } from '../opened.ts';
import { broken, misnamed } from './documented.ts';
import { models } from './models.ts';

type Inputs = Record<string, unknown>;

/** Compares what a program declares with the models of Azure's APIs */
export interface Judge {
  /** Returns every way in which declared resources are not what Azure's models and its documentation allow */
  flaws(declared: readonly DeclaredResource[]): Promise<readonly string[]>;
  /** By type, the version of the API that the provider calls and the one that the model is of */
  versions: Map<string, { provider: string; model: string }>;
  close(): void;
}

export async function openJudge(): Promise<Judge> {
  const packages = join(await linter('azure', () => undefined), '..', '..');
  const lines = python(join(checkout, 'test', 'cloud', 'azure', 'driver.py'), packages);
  const versions: Judge['versions'] = new Map();
  return {
    versions,
    async flaws(declared) {
      const own = declared.filter(({ type }) => type.startsWith('azure-native:'));
      const found = own.map(({ type, name, inputs }) =>
        one(lines, versions, type, opened(inputs) as Inputs).then((said) =>
          said.map((flaw) => `${type} ${name}: ${flaw}`),
        ),
      );
      return [...(await Promise.all(found)).flat(), ...sameNames(own), ...strayReferences(own)];
    },
    close: () => lines.close(),
  };
}

async function one(
  lines: Lines,
  versions: Judge['versions'],
  token: string,
  inputs: Inputs,
): Promise<readonly string[]> {
  const type = token.replace('azure-native:', '');
  const documented = broken(type, inputs);
  // Its model is a place and tags
  if (type === 'resources:ResourceGroup') return [...misnamed(type, String(inputs.resourceGroupName)), ...documented];
  const model = models[type];
  if (!model) return ['has no model in the table'];
  const value = Object.fromEntries(Object.entries(inputs).filter(([key]) => !model.path.includes(key)));
  const answer = await lines.ask<{ flaws: string[]; version: string }>({
    ...{ package: model.package, model: model.model, location: 'westeurope' },
    value: identified(value),
  });
  versions.set(type, { provider: providerVersion(type), model: answer.version });
  return [...answer.flaws, ...misnamed(type, String(inputs[model.name])), ...documented];
}

/** The provider takes identities as a list, and sends them as the keys of an object */
function identified({ identity, ...value }: Inputs): Inputs {
  if (typeof identity !== 'object' || identity === null) return value;
  const { userAssignedIdentities: ids = [], ...rest } = identity as { userAssignedIdentities?: readonly string[] };
  return { ...value, identity: { ...rest, userAssignedIdentities: Object.fromEntries(ids.map((id) => [id, {}])) } };
}

/** The version of the API that the SDK names for a type */
function providerVersion(type: string): string {
  const [module = '', name = ''] = type.split(':');
  const file = join(
    checkout,
    'node_modules',
    '@pulumi',
    'azure-native',
    module,
    `${name[0]?.toLowerCase()}${name.slice(1)}.js`,
  );
  return /Uses Azure REST API version (\S+)\./.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
}

/** Names that two resources of a type share within what holds them. Azure does not tell capitals from small letters */
function sameNames(declared: readonly DeclaredResource[]): readonly string[] {
  const places = declared.map(({ type, inputs }) => {
    const path = models[type.replace('azure-native:', '')]?.path ?? ['resourceGroupName'];
    const plain = opened(inputs) as Inputs;
    return `${type} ${path.map((key) => plain[key]).join(' in ')}`.toLowerCase();
  });
  return places.filter((place, index) => places.indexOf(place) !== index).map((place) => `${place} is there twice`);
}

/** Ids in inputs that no resource of the program has */
function strayReferences(declared: readonly DeclaredResource[]): readonly string[] {
  const ids = declared.map(({ id }) => id).filter((id) => id.startsWith('/'));
  // Of a lab's machine, which exists, and of the group that holds what is declared
  const others = /\/resourceGroups\/[^/]+(?:\/providers\/Microsoft\.DevTestLab\/labs\/[^/]+\/virtualMachines\/[^/]+)?$/;
  return declared.flatMap(({ type, name, inputs }) => {
    const named = JSON.stringify(opened(inputs)).match(/\/subscriptions\/[^"?]+/g) ?? [];
    return named
      .filter((text) => !ids.some((id) => text === id || text.startsWith(`${id}/`)) && !others.test(text))
      .map((text) => `${type} ${name}: ${text} is the id of nothing that is declared`);
  });
}
