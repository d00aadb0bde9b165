import { z } from 'zod';
import { DockerError, docker, dockerBytes, dockerIfAny } from './docker.ts';
import { isLeftover, isOurs, type Labels, type Owner } from './owner.ts';

/** Properties of a container that are used; docker returns more */
const inspected = z.object({
  Id: z.string(),
  Image: z.string(),
  State: z.object({ Status: z.string() }),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }),
});

export type FoundContainer = z.infer<typeof inspected>;

/** Returns a container, or `undefined` if there is none of that name */
export async function inspectContainer(name: string): Promise<FoundContainer | undefined> {
  const answer = await dockerIfAny('GET', `/containers/${name}/json`);
  return answer === undefined ? undefined : inspected.parse(JSON.parse(answer));
}

/**
 * Creates a container without starting it. Replaces a container that an interrupted run of the same resource left
 * behind.
 * @throws if the name belongs to something else, the image is missing, or docker rejects the settings
 */
export async function makeContainer(name: string, owner: Owner, settings: Record<string, unknown>): Promise<string> {
  const existing = await inspectContainer(name);
  if (existing && isLeftover('container', name, existing.Config.Labels, owner)) await removeContainer(name, owner);
  try {
    const body = { ...settings, Labels: owner };
    return z
      .object({ Id: z.string() })
      .parse(JSON.parse(await docker('POST', '/containers/create', { query: { name }, body }))).Id;
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    const fix = error.status === 404 ? ': run the set-up again, which builds images (npx berth local)' : '';
    throw new Error(`container ${name} can't be created: ${error.message}${fix}`);
  }
}

/** Starts a container; has no effect if it is running */
export async function startContainer(name: string): Promise<void> {
  try {
    await docker('POST', `/containers/${name}/start`);
  } catch (error) {
    throw error instanceof DockerError ? new Error(startFailure(name, error.message)) : error;
  }
}

/**
 * Removes a container and its anonymous volumes at once; has no effect if there is none, or if it belongs to another
 * stack
 */
export async function removeContainer(name: string, owner: Owner): Promise<void> {
  const existing = await inspectContainer(name);
  if (!existing || !isOurs(existing.Config.Labels, owner)) return;
  await dockerIfAny('DELETE', `/containers/${existing.Id}`, { query: { force: '1', v: '1' } });
}

/** Creates a named volume, or reuses the one that the same resource created before */
export async function makeVolume(name: string, owner: Owner): Promise<void> {
  const answer = await docker('POST', '/volumes/create', { body: { Name: name, Labels: owner } });
  isLeftover('volume', name, labelsOf(answer), owner);
}

export async function removeVolume(name: string, owner: Owner): Promise<void> {
  const answer = await dockerIfAny('GET', `/volumes/${name}`);
  if (answer === undefined || !isOurs(labelsOf(answer), owner)) return;
  // A machine's volume holds all of its images file by file, and the volumes of a stack are deleted at the same time
  await dockerIfAny('DELETE', `/volumes/${name}`, { timeoutSeconds: 300 });
}

/** Returns the last lines of a container's log, for error messages */
export async function lastLines(name: string, count = 15): Promise<string> {
  const query = { stdout: '1', stderr: '1', tail: String(count) };
  const answer = await dockerBytes('GET', `/containers/${name}/logs`, { query });
  const lines: string[] = [];
  // For a container without a terminal, docker puts an 8-byte header before each chunk: stream, three zero bytes,
  // length
  for (let at = 0; at + 8 <= answer.length; at += 8 + answer.readUInt32BE(at + 4)) {
    lines.push(answer.toString('utf8', at + 8, at + 8 + answer.readUInt32BE(at + 4)));
  }
  return lines.join('').trim();
}

export function labelsOf(answer: string): Labels {
  return z.object({ Labels: z.record(z.string(), z.string()).nullish() }).parse(JSON.parse(answer)).Labels;
}

function startFailure(name: string, message: string): string {
  const taken = /127\.0\.0\.1:(\d+).*(?:already allocated|already in use)/.exec(message)?.[1];
  if (taken !== undefined) {
    return `port ${taken} of 127.0.0.1 is already in use on this computer: stop the program that listens there, or choose another under "publish" in Pulumi.local.yaml`;
  }
  if (/address already in use/i.test(message))
    return `container ${name}: its address is already in use on its network (${message})`;
  return `container ${name} did not start: ${message}`;
}
