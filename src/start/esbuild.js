// What is started often is started fast: the engine starts the program and its plugins at every run, people start
// `berth` all day, and most of a start from sources is finding, translating and reading hundreds of files. So each of
// them is bundled into one file, once for each state of the sources. Plain JavaScript: nothing translates this one.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { projectOfSystems, systemsModule, systemsText } from './systems.js';

/** Berth's own folder: a checkout, or the package that a project has installed */
const berth = fileURLToPath(new URL('../..', import.meta.url));
/** Whose systems are bundled with it */
const project = projectOfSystems(process.cwd());
const folder = join(project, '.berth', 'bundles');

/** Packages that the program shares with what runs it, and what is large and needed by few */
const shared = ['@pulumi/*', '@ovhcloud/*', '@grpc/*', 'google-protobuf', '@octokit/rest', '@viz-js/viz'];

/**
 * Loads a TypeScript module of berth with all that it imports, the project's systems too, and gives its exports.
 * @param {string} main its path from berth's folder
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
  // Not `import`, which would first search the whole file for what it exports: twice the time
  return createRequire(import.meta.url)(file);
}

/** A plugin lies beside the file that the engine starts. Its process is its own: all that it needs is in its bundle. */
function isPlugin(/** @type {string} */ main) {
  return readdirSync(join(berth, dirname(main))).some((name) => name.startsWith('pulumi-resource-'));
}

/** Changes whenever a source or a dependency does, without reading one. */
function stateOfSources(/** @type {string} */ main) {
  const hash = createHash('sha256');
  // What berth consists of imports nothing from elsewhere but systems; tools and tests import each other
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
  // Not those of this state: another process may have made them meanwhile
  const former = readdirSync(folder).filter(
    (one) =>
      one.startsWith(`${name}-`) &&
      /^[0-9a-f]{16}\.cjs/.test(one.slice(name.length + 1)) &&
      !one.startsWith(basename(file)),
  );
  // Complete as soon as it is there, for another process may start the same now.
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
    // The bundler itself, and optional parts of ssh2, which does without.
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
}

/** A system imports `berth`, from wherever it lies: this very one. */
function findSystems(/** @type {import('esbuild').PluginBuild} */ { onLoad, onResolve }) {
  onResolve({ filter: /^berth$/ }, () => ({ path: join(berth, 'src', 'api.ts') }));
  onResolve({ filter: new RegExp(`^${systemsModule}$`) }, ({ path }) => ({ path, namespace: 'systems' }));
  onLoad({ filter: /.*/, namespace: 'systems' }, () => ({ contents: systemsText(project), resolveDir: project }));
}

/** Not written in one, since this file too is part of a bundle whose source uses it. */
const ownPlace = ['import', 'meta', 'url'].join('.');

/** Lets a source that looks for a file from its own place find it from the bundle too. */
function keepPlaces(/** @type {import('esbuild').PluginBuild} */ { onLoad }) {
  onLoad({ filter: /\.[tj]s$/ }, ({ path }) => {
    const ours = path.startsWith(berth) ? path.slice(berth.length) : path.slice(project.length);
    if (ours.includes('node_modules/')) return undefined;
    const url = JSON.stringify(pathToFileURL(path).href);
    return { contents: readFileSync(path, 'utf8').replaceAll(ownPlace, url), loader: 'ts' };
  });
}
