import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { answered, githubRepository } from '../src/cli/github/api.ts';
import { checkout, generated } from '../src/paths.ts';
import { runMain } from '../src/process/command.ts';
import { runLogged } from '../src/process/stage.ts';
import { isPreliminary, releaseNotes } from './lib/release.ts';

// `npm run release`, which the workflow of a tag calls: berth as an npm package with provenance, and a release of GitHub with
// its notes, the package and its SBOM. It can be run again after a failure. `-- --dry-run` makes the files alone.

const out = join(generated, 'release');

void runMain(async () => {
  const text = (file: string) => readFile(join(checkout, file), 'utf8');
  const { name, version } = JSON.parse(await text('package.json')) as { name: string; version: string };
  const dryRun = process.argv.includes('--dry-run');
  const tag = process.env.GITHUB_REF_NAME ?? `v${version}`;
  const notes = releaseNotes({ tag, version, changelog: await text('CHANGELOG.md') });
  const files = await madeFiles(name, version);
  console.log(`${tag}: ${files.map((file) => basename(file)).join(', ')}\n\n${notes}`);
  if (dryRun) return 0;
  await publish(`${name}@${version}`, files[0], isPreliminary(version) ? 'next' : 'latest');
  await release(tag, notes, files, isPreliminary(version));
  return 0;
});

const npm = (...words: string[]): Promise<string> =>
  runLogged('npm', words, { cwd: checkout, log: () => undefined, timeoutSeconds: 300 });

/** Makes the package and the list of what it is built from (CycloneDX) */
async function madeFiles(name: string, version: string): Promise<readonly [string, string]> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await npm('pack', '--silent', '--pack-destination', out);
  const materials = join(out, `${name}-${version}.cdx.json`);
  await writeFile(materials, await npm('sbom', '--sbom-format=cyclonedx', '--omit=dev'));
  return [join(out, `${name}-${version}.tgz`), materials];
}

async function publish(version: string, file: string, distTag: string): Promise<void> {
  const published = await npm('view', version, 'version').catch(() => '');
  if (published.trim() !== '') return console.log(`${version} has been published already`);
  await npm('publish', file, '--provenance', '--access', 'public', '--tag', distTag);
}

async function release(tag: string, notes: string, files: readonly string[], prerelease: boolean): Promise<void> {
  const { octokit, owner, repo } = await githubRepository(process.env);
  const place = { owner, repo };
  const ask = <T>(what: string, answer: Promise<T>) => answered(what, 'contents: write', answer);
  const { data: all } = await ask('list releases', octokit.rest.repos.listReleases(place));
  const former = all.find(({ tag_name: name }) => name === tag);
  const wanted = { ...place, tag_name: tag, name: tag, body: notes, prerelease };
  // Not seen before its files are there
  const { data: draft } = former
    ? { data: former }
    : await ask(`create the release ${tag}`, octokit.rest.repos.createRelease({ ...wanted, draft: true }));
  const present = new Set(draft.assets.map((asset) => asset.name));
  for (const file of files.filter((one) => !present.has(basename(one)))) {
    // The client takes bytes, though its types say text
    const data = (await readFile(file)) as unknown as string;
    const upload = { ...place, release_id: draft.id, name: basename(file), data };
    await ask(`upload ${basename(file)}`, octokit.rest.repos.uploadReleaseAsset(upload));
  }
  await ask(`publish ${tag}`, octokit.rest.repos.updateRelease({ ...wanted, release_id: draft.id, draft: false }));
}
