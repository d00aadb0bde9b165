// Starts a plugin: node start.js <its main.ts> [the engine's arguments…]
//
// The engine starts its plugins at every run, and from sources one takes 0.8 s, most of it spent on finding and reading
// 200 files. So it is bundled into one file, once for each state of the sources, and takes 0.2 s.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(checkout, '.berth', 'bundles');

const [main, ...args] = process.argv.slice(2);
const name = basename(dirname(main));
const bundle = join(folder, `${name}-${stateOfSources()}.cjs`);
if (!existsSync(bundle)) await build();
process.argv = [process.argv[0], main, ...args];
// Not `import`, which would first search the whole bundle for what it exports: twice the time.
createRequire(import.meta.url)(bundle);

/** Changes whenever a source or a dependency does, without reading one. */
function stateOfSources() {
  const sources = readdirSync(join(checkout, 'src'), { recursive: true }).filter((file) => file.endsWith('.ts'));
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'src/plugins/start.js', ...sources.sort().map((one) => join('src', one))]) {
    const found = statSync(join(checkout, file), { throwIfNoEntry: false });
    hash.update(`${file} ${found?.mtimeMs} ${found?.size}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

async function build() {
  const { build: esbuild } = await import('esbuild');
  mkdirSync(folder, { recursive: true });
  const former = readdirSync(folder).filter((file) => file.startsWith(`${name}-`) && file.endsWith('.cjs'));
  // Complete as soon as it is there, for another engine may start the same plugin now.
  const aside = `${bundle}.${process.pid}`;
  await esbuild({
    entryPoints: [main],
    outfile: aside,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // Optional parts of ssh2, which does without.
    external: ['cpu-features', '*.node'],
    plugins: [{ name: 'keep-places', setup: keepPlaces }],
    logLevel: 'error',
  });
  renameSync(aside, bundle);
  for (const file of former) rmSync(join(folder, file), { force: true });
}

/** Lets a source that looks for a file from its own place find it from the bundle too. */
function keepPlaces({ onLoad }) {
  onLoad({ filter: /\.ts$/ }, ({ path }) => {
    const place = JSON.stringify(pathToFileURL(path).href);
    return { contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', place), loader: 'ts' };
  });
}
