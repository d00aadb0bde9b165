import { z } from 'zod';
import { DockerError, docker, dockerBytes, dockerIfAny } from './docker.ts';
import { isLeftover, isOurs, type Labels, type Owner } from './owner.ts';

/** What is read of a container; docker says more. */
const inspected = z.object({
  Id: z.string(),
  Image: z.string(),
  State: z.object({ Status: z.string() }),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }),
});

export type Container = z.infer<typeof inspected>;

/** Gives undefined when there is no container of that name. */
export async function inspectContainer(name: string): Promise<Container | undefined> {
  const answer = await dockerIfAny('GET', `/containers/${name}/json`);
  return answer === undefined ? undefined : inspected.parse(JSON.parse(answer));
}

/**
 * Makes a container, not yet started, in place of one that an interrupted run of the same resource left behind.
 * @throws when the name is someone else's, the image is absent, or docker refuses the settings
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
    const fix = error.status === 404 ? ': images are made by the set-up, so run it again (npx berth local)' : '';
    throw new Error(`container ${name} can't be made: ${error.message}${fix}`);
  }
}

/** Starts it, and does nothing when it already runs. */
export async function startContainer(name: string): Promise<void> {
  try {
    await docker('POST', `/containers/${name}/start`);
  } catch (error) {
    throw error instanceof DockerError ? new Error(startFailure(name, error.message)) : error;
  }
}

/** Removes it at once with its anonymous volumes; one that is gone or not this stack's is left alone. */
export async function removeContainer(name: string, owner: Owner): Promise<void> {
  const existing = await inspectContainer(name);
  if (!existing || !isOurs(existing.Config.Labels, owner)) return;
  await dockerIfAny('DELETE', `/containers/${existing.Id}`, { query: { force: '1', v: '1' } });
}

/** Makes a named volume, or takes the one that the same resource made before. */
export async function makeVolume(name: string, owner: Owner): Promise<void> {
  const answer = await docker('POST', '/volumes/create', { body: { Name: name, Labels: owner } });
  isLeftover('volume', name, labelsOf(answer), owner);
}

export async function removeVolume(name: string, owner: Owner): Promise<void> {
  const answer = await dockerIfAny('GET', `/volumes/${name}`);
  if (answer === undefined || !isOurs(labelsOf(answer), owner)) return;
  // A machine's holds all of its images, file by file, and a stack's go at once
  await dockerIfAny('DELETE', `/volumes/${name}`, { timeoutSeconds: 300 });
}

/** The last lines that a container wrote, for an error. */
export async function lastLines(name: string, count = 15): Promise<string> {
  const query = { stdout: '1', stderr: '1', tail: String(count) };
  const answer = await dockerBytes('GET', `/containers/${name}/logs`, { query });
  const lines: string[] = [];
  // Without a terminal docker puts eight bytes before each piece: the stream, three zeros, the length
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
    return `port ${taken} of 127.0.0.1 is already taken on this machine: stop what listens there, or choose another under "publish" in Pulumi.local.yaml`;
  }
  if (/address already in use/i.test(message))
    return `container ${name}: its address is already taken on its network (${message})`;
  return `container ${name} does not start: ${message}`;
}
