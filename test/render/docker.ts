import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'vitest';
import { everyImage } from '../../src/cli/local/wanted.ts';
import { imageTag } from '../../src/clouds/local/images/keys.ts';
import { bareMachine, machineRecipe } from '../../src/clouds/local/images/recipes.ts';
import { standInTable } from '../../src/clouds/local/images/table.ts';

/** What a program said and how it ended */
export interface Answer {
  code: number;
  output: string;
}

/** Runs `docker`; never throws: the answer says how it went */
export const docker = (...words: string[]): Promise<Answer> =>
  new Promise((resolve) =>
    // Ended by another signal, docker would say that all went well
    execFile(
      'docker',
      words,
      { timeout: 150_000, killSignal: 'SIGKILL', maxBuffer: 10_000_000 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code) || 1, output: `${stdout}${stderr}` }),
    ),
  );

/** An image that the docker engine has, or why there is none */
export type Image = { reference: string } | { absent: string };

export const machineImage: Promise<Image> = firstOf([imageTag(machineRecipe)]);

/** A machine before anything is installed */
export const bareMachineImage: Promise<Image> = firstOf([imageTag(bareMachine)]);

/** The image that runs in the place of a production image, or that itself */
export function serviceImage(production: string): Promise<Image> {
  const standIn = standInTable(everyImage.standIns).find((candidate) => candidate.production === production);
  return firstOf([production, ...(standIn ? [imageTag(standIn.recipe)] : [])]);
}

async function firstOf(references: readonly string[]): Promise<Image> {
  for (const reference of references)
    if ((await docker('image', 'inspect', reference)).code === 0) return { reference };
  const { code, output } = await docker('version');
  const reason = code === 0 ? `${references.join(' or ')} has not been made` : `no docker engine answers: ${output}`;
  return { absent: `${reason.trim()} (npm run local makes what is missing)` };
}

/** The image, or the end of this test: a skip that says why, under CI=true a failure */
export function required(image: Image, context: TestContext): string {
  if ('reference' in image) return image.reference;
  if (process.env.CI === 'true') throw new Error(image.absent);
  return context.skip(image.absent);
}

const folders: string[] = [];

/** Removes what `folderOf` has made since it was last called */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

/** A new folder with these files, which goes when the tests of this file end */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'berth-render-'));
  folders.push(folder);
  writeFiles(folder, files);
  return folder;
}

/** Writes files into a folder, made where it is missing; every container's user may read them */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content, { mode: 0o644 });
  }
}

/** Words of `docker run` that give a container variables */
export const given = (env: Readonly<Record<string, string>>): string[] =>
  Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);

/** Removes a container with its data. One that was killed is removed by docker itself, which takes a moment */
export async function removed(name: string): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(100)) {
    await docker('rm', '--force', '--volumes', name);
    if ((await docker('inspect', name)).code !== 0) return;
  }
}

/** Waits until a container is as healthy as its health check says */
export async function untilHealthy(name: string, command: readonly string[] = [], seconds = 90): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while ((await docker('exec', name, ...command)).code !== 0) {
    const said = await docker('logs', name);
    if (Date.now() > end || said.code !== 0) throw new Error(`the server does not come up: ${said.output}`);
    await sleep(300);
  }
}

/** What an exporter tells on a port of its own, once it tells whether its server is up; the exporter is removed */
export async function figuresOf(exporter: string, port: number, up: RegExp): Promise<string> {
  try {
    for (let tries = 0; ; tries++) {
      const { output } = await docker('exec', exporter, 'wget', '-q', '-O', '-', `http://127.0.0.1:${port}/metrics`);
      if (up.test(output) || tries > 20) return output;
      await sleep(500);
    }
  } finally {
    await docker('rm', '--force', exporter);
  }
}

/** What is needed to run a container that this test run alone owns, without a network */
export const ownContainer = (name: string): string[] => [
  ...['--name', `berth-render-${process.pid}-${name}`, '--label', 'berth.test=render', '--rm'],
];

export const containerName = (name: string): string => `berth-render-${process.pid}-${name}`;

/** The rights of a container of ours */
export const least: readonly string[] = [
  ...['--read-only', '--tmpfs', '/tmp:mode=1777,size=64m', '--cap-drop', 'ALL'],
  ...['--security-opt', 'no-new-privileges:true', '--init'],
];
