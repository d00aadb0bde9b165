import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { captured } from '../../process/captured.ts';
import type { Source } from './compose/service.ts';
import { composeSources } from './compose/sources.ts';
import { draftOf } from './draftOf.ts';
import { type Finding, findingsText } from './finding.ts';
import { type Given, givenSources } from './given.ts';
import { isSystemName } from './names.ts';
import { nextSteps } from './nextSteps.ts';
import { writeSystem } from './write.ts';

export interface NewOptions {
  compose: readonly string[];
  dockerfile?: string;
  git?: string;
  image?: string;
  port?: number;
  health?: string;
  domain?: string;
  database?: 'postgres' | 'mysql';
  cache?: boolean;
  bucket?: boolean;
  worker: readonly string[];
  schedule: readonly string[];
  main?: string;
  pin: readonly string[];
  without: readonly string[];
}

/**
 * Writes a system of the project around the current folder, and says what was not taken over and what comes next
 * @throws RefusedError where something may not be left out; then nothing is written
 */
export async function createSystem(name: string, asked: NewOptions): Promise<void> {
  if (!isSystemName(name))
    throw new Error(
      `${name} is no name of a system: at most 20 lower-case letters, digits and hyphens, a letter first`,
    );
  const says = asked.compose[0] ?? asked.dockerfile ?? asked.git ?? asked.image;
  if (says === undefined && !process.stdin.isTTY)
    throw new Error('there is nothing to make a system from: give --compose, --dockerfile, --image or --git');
  const options = says === undefined ? await (await import('./ask.ts')).askedOptions(name, asked) : asked;
  const cloned = options.git === undefined ? undefined : await clone(options.git);
  try {
    const { sources, findings, from } = sourcesOf(
      { ...options, ...(cloned && foundIn(cloned)) },
      cloned ?? process.cwd(),
    );
    const draft = draftOf({
      ...{ name, sources, from: options.git ?? from, pins: pinsOf(options.pin) },
      ...{ main: options.main, without: options.without },
      ...{ port: options.port, health: options.health, domain: options.domain },
    });
    const all = [...findings, ...draft.findings];
    const written = await writeSystem({ ...draft, findings: all });
    console.log(written.map((path) => `wrote ${path}`).join('\n'));
    if (all.length > 0) process.stdout.write(`\n${findingsText(all)}`);
    console.log(`\n${nextSteps(draft, options.git)}`);
  } finally {
    if (cloned !== undefined) rmSync(cloned, { recursive: true, force: true });
  }
}

interface Found {
  sources: readonly Source[];
  findings: readonly Finding[];
  from?: string;
}

function sourcesOf(options: NewOptions, folder: string): Found {
  const read = (path: string) =>
    existsSync(resolve(folder, path)) ? readFileSync(resolve(folder, path), 'utf8') : undefined;
  if (options.compose.length > 0) {
    const files = options.compose.map((file) => {
      const text = read(file);
      if (text === undefined) throw new Error(`${file} is not there`);
      return { file, text };
    });
    const from = options.compose.map((file) => basename(file)).join(', ');
    return { ...composeSources(files, read), from };
  }
  const { image, port, database, cache, bucket, worker: workers, schedule: schedules } = options;
  const given: Given = { image, port, database, cache, bucket, workers, schedules };
  if (options.dockerfile === undefined)
    return { sources: givenSources(given), findings: [], ...(image && { from: image }) };
  const text = read(options.dockerfile);
  if (text === undefined) throw new Error(`${options.dockerfile} is not there`);
  const context = relative(folder, dirname(resolve(folder, options.dockerfile))) || '.';
  const dockerfile = { context, file: basename(options.dockerfile), text };
  return { sources: givenSources({ ...given, dockerfile }), findings: [], from: options.dockerfile };
}

const composeFiles = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/** Returns what a repository has: a Compose file, or else a Dockerfile */
function foundIn(folder: string): Pick<NewOptions, 'compose'> | Pick<NewOptions, 'dockerfile'> {
  const compose = composeFiles.find((name) => existsSync(join(folder, name)));
  if (compose !== undefined) return { compose: [compose] };
  if (existsSync(join(folder, 'Dockerfile'))) return { dockerfile: 'Dockerfile' };
  throw new Error(
    `the repository has neither ${composeFiles.join(', ')} nor Dockerfile: give --image of what it releases`,
  );
}

async function clone(url: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-new-'));
  const env = { ...process.env, GIT_TERMINAL_PROMPT: '0' };
  const { code, stderr } = await captured('git', ['clone', '--quiet', '--depth', '1', '--', url, folder], {
    cwd: tmpdir(),
    env,
  });
  if (code === 0) return folder;
  rmSync(folder, { recursive: true, force: true });
  throw new Error(`${url} can not be cloned: ${stderr.trim()}`);
}

function pinsOf(pins: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pins.map((text) => {
      const [, service, tag] = /^([^=]+)=(.+)$/.exec(text) ?? [];
      if (service === undefined || tag === undefined)
        throw new Error(`--pin ${text}: write a service and a tag, such as web=1.2.3`);
      return [service, tag];
    }),
  );
}
