import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type RenderedMachine, renderedMachines, stacks } from './rendered.ts';

// What every machine gets, file by file: a change of a template or of a renderer shows here as what it is on the host.
// `npx vitest run --project render -u` writes them anew; the run after it agrees.
const golden = new URL('./golden/', import.meta.url).pathname;

// Basegun as every environment has it; of the other systems, one machine of each role
const whole = stacks.flatMap((stack) =>
  renderedMachines(stack)
    .filter(({ input: { machine } }) => machine.system === 'basegun' || (stack === 'preprod' && machine.index === 0))
    .map((machine) => ({ stack, name: machine.name, files: goldenFiles(machine) })),
);

// What no environment of the project asks for, by the files in which it shows
const asked = renderedMachines('preprod', 'lostops', { workers: { count: 2 }, scheduler: true })
  .filter(({ name }) => name === 'lostops-app-0')
  .map((machine) => ({ stack: 'preprod', name: `${machine.name}-workers`, files: workerFiles(machine) }));

const machines = [...whole, ...asked];

test.each(machines)('$stack $name is rendered as it was', async ({ stack, name, files }) => {
  for (const [path, content] of Object.entries(files))
    await expect(content).toMatchFileSnapshot(`${golden}${stack}/${name}/${path}`);
});

test('nothing lies among the golden files that is rendered no more', () => {
  const rendered = machines.flatMap(({ stack, name, files }) =>
    Object.keys(files).map((path) => `${stack}/${name}/${path}`),
  );
  const present = readdirSync(golden, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll('//', '/').slice(golden.length));
  expect(present.sort()).toEqual(rendered.sort());
});

/** What differs from machine to machine, with the names of services in place of their hashes */
function goldenFiles({ bundle, userData }: RenderedMachine): Record<string, string> {
  // Host scripts are the same everywhere, and the sums are those of the files beside them
  const own = Object.entries(bundle.entries).filter(([path]) => !path.startsWith('scripts/') && path !== 'sums');
  const stable = stabilise(bundle.entries);
  return {
    ...Object.fromEntries(own.map(([path, content]) => [stable(path), stable(content)])),
    'user-data.yaml': userData,
  };
}

function workerFiles(machine: RenderedMachine): Record<string, string> {
  const shown = /^(base\.yaml|check\.yaml|services\.tsv)$|schedule\.sh$/;
  return Object.fromEntries(Object.entries(goldenFiles(machine)).filter(([path]) => shown.test(path)));
}

/** Hashes change with every line: `{backend}` stands for the definition of the service, `{release}` for the release's */
function stabilise(entries: RenderedMachine['bundle']['entries']): (text: string) => string {
  const services = (entries['services.tsv'] ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const settings = (name: string) => new RegExp(`^${name}='(.+)'$`, 'm').exec(entries['release.env'] ?? '')?.[1];
  const hashes = [
    ...services.map((line) => line.split('\t')).map(([name, , hash]) => [hash, `{${name}}`] as const),
    [settings('EDGE_DEFINITION'), '{edge}'] as const,
    [settings('RELEASE'), '{release}'] as const,
  ];
  return (text) => hashes.reduce((result, [hash, name]) => (hash ? result.replaceAll(hash, name) : result), text);
}
