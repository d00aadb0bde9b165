// Bundles frequently started programs into one file each: the engine starts the program and its plugins at every run,
// and most of a start from sources is finding, translating and reading hundreds of files. A bundle is rebuilt when the
// sources change. Plain JavaScript, since it runs before anything is translated.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { projectOfSystems, systemsModule, systemsText } from './systems.js';

/** Berth's own folder: a checkout, or an installed package */
const berth = fileURLToPath(new URL('../..', import.meta.url));
/** Project whose systems are bundled */
const project = projectOfSystems(process.cwd());
const folder = join(project, '.berth', 'bundles');
/** What V8 compiled of bundles and packages, for the next start */
const compiled = join(folder, 'compiled');

/** Packages that the program shares with the process that runs it, and large packages that are rarely used */
const shared = ['@pulumi/*', '@ovhcloud/*', '@grpc/*', 'google-protobuf', '@octokit/rest', '@viz-js/viz'];

/**
 * Loads a TypeScript module of berth with its imports and the project's systems, and returns its exports
 * @param {string} main path from berth's folder
 * @returns {Promise<any>}
 */
export async function load(main) {
  const name = main
    .replace(/^src\//, '')
    .replace(/\.ts$/, '')
    .replaceAll('/', '-');
  const file = join(folder, `${name}-${stateOfSources(main)}.cjs`);
  const external = isPlugin(main) ? [] : shared;
  if (!existsSync(file)) await bundle(join(berth, main), { name, file, external });
  // From Node.js 22.1 on
  module.enableCompileCache?.(compiled);
  // `require` instead of `import`, which first scans the whole file for exports and takes twice as long
  return createRequire(import.meta.url)(file);
}

/**
 * Returns whether a module is a plugin: its folder has the file that the engine starts. A plugin runs in its own
 * process, so its bundle includes all packages.
 */
function isPlugin(/** @type {string} */ main) {
  return readdirSync(join(berth, dirname(main))).some((name) => name.startsWith('pulumi-resource-'));
}

/** Returns a hash that changes with every source and dependency, from sizes and times only */
function stateOfSources(/** @type {string} */ main) {
  const hash = createHash('sha256');
  // Modules of berth import only each other and systems; tools and tests also import from each other
  const own = main.startsWith('src/') ? ['src'] : ['src', 'tools', 'test'];
  const places = [...own.map((place) => join(berth, place)), join(project, 'systems')];
  const sources = places.flatMap((place) => filesBelow(place).filter((path) => /\.[tj]s$/.test(path)));
  for (const path of [join(berth, 'package.json'), join(project, 'package-lock.json'), ...sources.sort()]) {
    const found = statSync(path, { throwIfNoEntry: false });
    hash.update(`${path} ${found?.mtimeMs} ${found?.size}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** @returns {string[]} */
function filesBelow(/** @type {string} */ place) {
  if (!existsSync(place)) return [];
  return readdirSync(place, { recursive: true }).map((path) => join(place, `${path}`));
}

/** @param {{ name: string, file: string, external: string[] }} to */
async function bundle(/** @type {string} */ main, { name, file, external }) {
  const { build } = await import('esbuild');
  mkdirSync(folder, { recursive: true });
  // Bundles of former sources; those of the present ones may have been made by another process meanwhile
  const former = readdirSync(folder).filter(
    (one) =>
      one.startsWith(`${name}-`) &&
      /^[0-9a-f]{16}\.cjs/.test(one.slice(name.length + 1)) &&
      !one.startsWith(basename(file)),
  );
  // Renamed into place once complete, since another process may start the same program at this moment
  const aside = `${file}.${process.pid}`;
  await build({
    entryPoints: [main],
    outfile: aside,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'external',
    sourcesContent: false,
    // The bundler itself, and optional packages that ssh2 works without
    external: ['esbuild', 'cpu-features', '*.node', ...external],
    plugins: [
      { name: 'systems', setup: findSystems },
      { name: 'keep-places', setup: keepPlaces },
    ],
    logLevel: 'error',
  });
  renameSync(`${aside}.map`, `${file}.map`);
  renameSync(aside, file);
  for (const one of former) rmSync(join(folder, one), { force: true });
  if (former.length > 0) rmSync(compiled, { recursive: true, force: true });
}

/** Resolves `berth`, which systems import from any folder, to this copy of berth */
function findSystems(/** @type {import('esbuild').PluginBuild} */ { onLoad, onResolve }) {
  onResolve({ filter: /^berth$/ }, () => ({ path: join(berth, 'src', 'api.ts') }));
  onResolve({ filter: new RegExp(`^${systemsModule}$`) }, ({ path }) => ({ path, namespace: 'systems' }));
  onLoad({ filter: /.*/, namespace: 'systems' }, () => ({ contents: systemsText(project), resolveDir: project }));
}

/** Split, because this file is itself bundled and its own text must not be replaced */
const ownPlace = ['import', 'meta', 'url'].join('.');

/** Replaces a module's URL with its original one, so that it finds files next to its source from the bundle */
function keepPlaces(/** @type {import('esbuild').PluginBuild} */ { onLoad }) {
  onLoad({ filter: /\.[tj]s$/ }, ({ path }) => {
    const ours = path.startsWith(berth) ? path.slice(berth.length) : path.slice(project.length);
    if (ours.includes('node_modules/')) return undefined;
    const url = JSON.stringify(pathToFileURL(path).href);
    return { contents: readFileSync(path, 'utf8').replaceAll(ownPlace, url), loader: 'ts' };
  });
}
