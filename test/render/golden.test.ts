import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { releaseIn } from '../unit/render/fixtures.ts';
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

const backedUp = renderedMachines('preprod', 'lostops', { backups: { storage: 'blob' } })
  .filter(({ name }) => name === 'lostops-database-0')
  .map((machine) => ({ stack: 'preprod', name: `${machine.name}-backups`, files: backupFiles(machine) }));

const machines = [...whole, ...asked, ...backedUp];

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
  // The engine is the same everywhere
  const own = Object.entries(bundle.entries).filter(([path]) => !path.startsWith('engine/') && path !== 'start.sh');
  const stable = stabilise(bundle.entries);
  return {
    ...Object.fromEntries(own.map(([path, content]) => [stable(path), stable(content)])),
    'user-data.yaml': userData,
  };
}

function workerFiles(machine: RenderedMachine): Record<string, string> {
  const shown = /^(base\.yaml|check\.yaml|release\.json)$|schedule\.sh$/;
  return Object.fromEntries(Object.entries(goldenFiles(machine)).filter(([path]) => shown.test(path)));
}

function backupFiles(machine: RenderedMachine): Record<string, string> {
  const shown = /^jobs\.yaml$|job-lostops-\S+\.timer$/;
  return Object.fromEntries(Object.entries(goldenFiles(machine)).filter(([path]) => shown.test(path)));
}

/** Hashes change with every line: `{backend}` stands for the definition of the service, `{release}` for the release's, `{sum}` for a file's */
function stabilise(entries: RenderedMachine['bundle']['entries']): (text: string) => string {
  const { services, jobs, files, edge, name: release } = releaseIn(entries);
  const hashes = [
    ...services.map(({ name, definition }) => [definition, `{${name}}`] as const),
    ...jobs.flatMap(({ name, definition, steps }) => [
      [definition, `{${name}}`] as const,
      ...steps.map((step) => [step.definition, `{${step.service}}`] as const),
    ]),
    [edge?.definition, '{edge}'] as const,
    [release, '{release}'] as const,
    // Of the files beside it
    ...files.map(({ sha256 }) => [sha256, '{sum}'] as const),
  ];
  // YAML quotes a hash that reads as a number, such as 7712e5604439
  const unquoted = (text: string) => text.replace(/^( +berth\.definition: )"(\{\S+\})"$/gm, '$1$2');
  return (text) =>
    unquoted(hashes.reduce((result, [hash, name]) => (hash ? result.replaceAll(hash, name) : result), text));
}
