import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { clouds } from '../../src/clouds/registry.ts';

const project = new URL('../../', import.meta.url).pathname;

/** What each folder of src may import beside itself; a folder that is not here may not exist */
const allowed: Readonly<Record<string, readonly string[]>> = {
  model: [],
  // What an entry of any system adds to its blueprint is a part
  config: ['src/model', 'src/parts/blueprintOn.ts'],
  parts: ['src/model', 'src/config/machineFields.ts', 'src/config/cacheFields.ts'],
  // What the author of a system is given
  'api.ts': [...['src/model', 'src/parts'], ...['src/config/systemFields.ts', 'src/config/machineFields.ts']],
  render: ['src/model', 'src/parts'],
  // A cloud has its own rules of an environment file, its own policies, and answers for rehearsals
  clouds: [
    ...['src/model', 'src/parts', 'src/render', 'src/config'],
    ...['src/policy/policy.ts', 'src/policy/answers.ts'],
    // The local cloud's provider and its set-up
    ...['src/pulumi', 'src/process', 'src/paths.ts', 'src/keyPair.ts'],
  ],
  hosts: ['src/model', 'src/render', 'src/clouds'],
  // The outputs of a system are the same, wherever it is delivered
  cluster: ['src/model', 'src/clouds', 'src/hosts/outputs.ts'],
  // JavaScript on Node's own modules, which runs on a fresh clone
  start: [],
  process: ['src/paths.ts'],
  // Which clouds have a set-up of their own, so that a stack of theirs is refused until it has run
  pulumi: [
    ...['src/process', 'src/config/file.ts', 'src/paths.ts'],
    ...['src/config/walk.ts', 'src/clouds/registry.ts'],
  ],
  program: [],
  'paths.ts': [],
  'keyPair.ts': [],
  // What policies look at is declared by the whole program, on mocks
  policy: [
    ...['src/model', 'src/config', 'src/index.ts'],
    ...['src/clouds/cloud.ts', 'src/clouds/registry.ts', 'src/keyPair.ts'],
  ],
  // Between the program and the command that runs the engine
  'gate.ts': [],
  'index.ts': [...['src/model', 'src/config', 'src/clouds', 'src/hosts', 'src/cluster', 'src/program', 'src/gate.ts']],
  cli: [
    ...['src/model', 'src/config', 'src/render', 'src/pulumi', 'src/process'],
    ...['src/clouds/local/setUp', 'src/clouds/local/wanted.ts'],
    ...['src/clouds/registry.ts', 'src/clouds/credentials.ts'],
    ...['src/keyPair.ts', 'src/gate.ts'],
    // Words for a machine's shell, which import nothing
    'src/hosts/commands.ts',
  ],
};

const withPulumi = ['clouds', 'hosts', 'program', 'pulumi', 'policy', 'index.ts'];

interface Import {
  from: string;
  /** A file of src by its path, or a package's name */
  to: string;
  typeOnly: boolean;
  /** `import(…)`: loaded when it is asked for */
  later: boolean;
}

const filesBelow = (folder: string): string[] =>
  readdirSync(join(project, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(project, join(entry.parentPath, entry.name)));

const guests = filesBelow('systems').filter((path) => /^systems\/[^/]+\/(?!test\/).*\.ts$/.test(path));
const sources = filesBelow('src').filter((path) => /(?<!\.d)\.[tj]s$/.test(path));
const imports = sources.flatMap(importsOf);
const folderOf = (path: string): string => path.split('/')[1] ?? '';

test('every folder of src has its place in the flow', () => {
  expect([...new Set(sources.map(folderOf))].filter((folder) => !(folder in allowed))).toEqual([]);
});

test('imports point one way', () => {
  const wrong = imports.filter(({ from, to }) => {
    const folder = folderOf(from);
    if (!/^(src|systems|tools|test)\//.test(to) || to.startsWith(`src/${folder}/`)) return false;
    return !allowed[folder]?.some((may) => to === may || to.startsWith(`${may}/`));
  });
  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test('a system imports berth, its own files and nothing else', () => {
  expect(guests.length).toBeGreaterThan(3);
  const wrong = guests.flatMap(importsOf).filter(({ from, to }) => {
    const own = `${from.split('/').slice(0, 2).join('/')}/`;
    return to !== 'berth' && !to.startsWith(own);
  });
  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test('what only those who work on berth start is no part of it: src needs no file of tools, nor of test', () => {
  const elsewhere = imports.filter(({ to }) => /^(tools|test)\//.test(to));
  const named = sources.flatMap((path) =>
    [...textOf(path).matchAll(/['"`](?:\.{1,2}\/)*((?:tools|test)\/[^'"`]*)['"`]/g)].map(
      ([, file]) => `${path} names ${file}`,
    ),
  );
  expect([...elsewhere.map(({ from, to }) => `${from} → ${to}`), ...named]).toEqual([]);
});

test('no file imports itself, however far around', () => {
  const graph = new Map(sources.map((path) => [path, new Set<string>()]));
  for (const { from, to, typeOnly } of imports) if (!typeOnly && graph.has(to)) graph.get(from)?.add(to);
  expect(circles(graph)).toEqual([]);
});

test('the search for circles finds one', () => {
  const graph = new Map([
    ['a', new Set(['b'])],
    ['b', new Set(['c'])],
    ['c', new Set(['b'])],
  ]);
  expect(circles(graph)).toEqual(['b → c → b']);
});

test('Pulumi is imported where programs of the engine are, nowhere else', () => {
  const wrong = imports.filter(({ from, to }) => to.startsWith('@pulumi/') && !withPulumi.includes(folderOf(from)));
  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test("clouds' pure faces load no Pulumi: not one of them, nor anything that they load at once", () => {
  const pulumi = (to: string) => /^@(pulumi|ovhcloud)\//.test(to);
  const atOnce = imports.filter(({ typeOnly, later }) => !typeOnly && !later);
  const loaded = new Set(['src/clouds/registry.ts']);
  for (const path of loaded) for (const { from, to } of atOnce) if (from === path) loaded.add(to);
  expect([...loaded].filter(pulumi)).toEqual([]);
  for (const name of Object.keys(clouds)) expect(loaded).toContain(`src/clouds/${name}/index.ts`);
  const programs = sources.filter((path) => /^src\/clouds\/[^/]+\/program\.ts$/.test(path));
  expect(programs).toHaveLength(Object.keys(clouds).length);
  for (const path of programs) expect(loaded).not.toContain(path);
});

/** Where the name of a cloud may stand outside its folder, each with the reason */
const namedOutside: readonly (readonly [path: RegExp, why: string])[] = [
  [/^src\/clouds\/registry\.ts$/, 'the list of them'],
  [
    /^src\/cli\/init(\/(ask|backend|github|guide))?\.ts$/,
    "where Pulumi's engine keeps a state, and the keys that encrypt it",
  ],
  [/^src\/cli\/(status|policies)\.ts$/, 'examples of what a command prints'],
  [/^src\/config\/fields\.ts$/, "the form of a certificate's ARN"],
  [/^src\/cli\/local(\/|\.ts$)/, 'the command `berth local`, the front door of its set-up'],
  [/^src\/(config\/backupFields|parts\/backups\/repository)\.ts$/, 'what restic calls a kind of repository'],
  [/^src\/render\/cluster\//, "what the cluster's own API and ingresses call their labels and annotations"],
  [/^src\/clouds\/local\/cluster\//, 'the real Kubernetes that runs on this computer'],
  [/^src\/clouds\/openstack\/machine\.ts$/, 'an issue of the project of that name'],
  [
    /^src\/cli\/new\/write\.ts$/,
    "a new project's Pulumi.yaml, which names the folder of the provider of local machines",
  ],
  [/^src\/cli\/adopt\/ansible\/ansible\.ts$/, 'what Ansible calls a connection to its own computer'],
  [/^src\/cli\/deploy\/stackSource\.ts$/, 'what deploys local machines has them set up first'],
];

/** Words of a cloud's name. A name that is also an English word counts where a cloud is meant: in quotes, or after `cloud` */
const namesOf = (name: string): RegExp =>
  ['existing', 'local'].includes(name)
    ? new RegExp(`'${name}'|"${name}"|\\bclouds?[ :./]+${name}\\b|\\b(clouds|settings)\\??\\.${name}\\b`)
    : // Every S3 server's policies write arn:aws:s3
      new RegExp(`(?<!arn:)\\b${name}\\b`, 'i');

test('nothing outside its folder names a cloud but the registry', () => {
  const code = filesBelow('src').filter((path) => /\.[jt]s$/.test(path));
  const found = code.flatMap((path) =>
    Object.keys(clouds)
      .filter((name) => !path.startsWith(`src/clouds/${name}/`) && namesOf(name).test(textOf(path)))
      .map((name) => ({ path, name })),
  );
  const meant = (path: string) => namedOutside.some(([where]) => where.test(path));
  expect(found.filter(({ path }) => !meant(path)).map(({ path, name }) => `${path} names ${name}`)).toEqual([]);
  const unused = namedOutside.filter(([where]) => !found.some(({ path }) => where.test(path)));
  expect(unused.map(([, why]) => why)).toEqual([]);
});

test('the model knows no library but the types of zod, and of Node no more than its hashes', () => {
  const packages = imports.filter(
    ({ from, to }) => folderOf(from) === 'model' && !to.startsWith('src/') && to !== 'node:crypto',
  );
  expect(
    packages.filter(({ to, typeOnly }) => !(to === 'zod' && typeOnly)).map(({ from, to }) => `${from} → ${to}`),
  ).toEqual([]);
});

test('what is pure touches no network, no process and no clock', () => {
  const pure = ['model', 'parts', 'render'];
  const impure = /^node:(child_process|net|http|https|dns|os|cluster|worker_threads|timers.*)$/;
  const wrong = imports.filter(({ from, to }) => pure.includes(folderOf(from)) && impure.test(to));
  const clocks = sources.filter(
    (path) =>
      pure.includes(folderOf(path)) && /\b(Date\.now|new Date\(|Math\.random|process\.env)\b/.test(textOf(path)),
  );
  expect([...wrong.map(({ from, to }) => `${from} → ${to}`), ...clocks]).toEqual([]);
});

test('@pulumi/command is the version whose behaviour was measured: npm calls an older build its latest', () => {
  const { version } = JSON.parse(textOf('node_modules/@pulumi/command/package.json'));
  expect(version).toBe('1.2.1');
});

test('a file is short enough to be read at once', () => {
  const lengths = ['src', 'templates', 'tools']
    .flatMap(filesBelow)
    .filter((path) => /\.(ts|js|sh|conf|service|ya?ml|json)$/.test(path) && !path.endsWith('package-lock.json'))
    .map((path) => ({ path, lines: textOf(path).split('\n').length - 1 }));
  const long = lengths.filter(({ lines }) => lines > 200);
  if (long.length > 0) console.warn(`over 200 lines: ${long.map(({ path, lines }) => `${path} ${lines}`).join(', ')}`);
  expect(long.filter(({ lines }) => lines > 300).map(({ path }) => path)).toEqual([]);
});

function textOf(path: string): string {
  return readFileSync(join(project, path), 'utf8');
}

function importsOf(path: string): Import[] {
  const file = ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest, false);
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean, later = false): void => {
    if (!specifier || !ts.isStringLiteral(specifier)) return;
    const to = specifier.text.startsWith('.') ? join(dirname(path), specifier.text) : specifier.text;
    found.push({ from: path, to, typeOnly, later });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node))
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false, true);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Each circle once, as a path that ends where it began */
function circles(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (node: string, path: readonly string[]): void => {
    const at = path.indexOf(node);
    if (at !== -1) found.push([...path.slice(at), node].join(' → '));
    if (at !== -1 || done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...path, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return found;
}
