import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Labels of everything that a stack creates on the docker engine */
export interface Owner {
  /** `<project>/<stack>/<id of the project's folder>`: two clones of a project have different owners */
  'berth.stack': string;
  'berth.urn': string;
}

/**
 * Returns the owner of the resource with that URN
 * @param folder the project's folder, or one below it. @default the working directory, in which the engine starts a
 * plugin
 */
export function ownerOf(urn: string, folder = process.cwd()): Owner {
  const [stack = '', project = ''] = urn.replace(/^urn:pulumi:/, '').split('::');
  // The hash still includes `src`, where the program used to be, so that existing machines keep their owner
  const id = createHash('sha256')
    .update(join(projectOf(realpathSync(folder)), 'src'))
    .digest('hex')
    .slice(0, 8);
  return { 'berth.stack': `${project}/${stack}/${id}`, 'berth.urn': urn };
}

/** Returns the nearest folder upward with a Pulumi.yaml, or the given folder if there is none */
function projectOf(folder: string): string {
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    if (existsSync(join(candidate, 'Pulumi.yaml'))) return candidate;
    if (candidate === dirname(candidate)) return folder;
  }
}

/**
 * Returns whether an existing object of that name was left behind by an interrupted run of the same resource
 * @throws if it belongs to anything else, naming the owner
 */
export function isLeftover(
  kind: 'container' | 'network' | 'volume',
  name: string,
  labels: Labels,
  owner: Owner,
): boolean {
  if (labels?.['berth.stack'] === owner['berth.stack'] && labels['berth.urn'] === owner['berth.urn']) return true;
  const other = labels?.['berth.stack'];
  const whose = other === undefined ? 'one that berth did not create' : `${labels?.['berth.urn']} of stack ${other}`;
  throw new Error(
    `the ${kind} name ${name} is in use by ${whose}: remove it (docker ${remove[kind]} ${name}) or choose another name`,
  );
}

/** Returns whether an object belongs to this stack; others are never removed */
export function isOurs(labels: Labels, owner: Owner): boolean {
  return labels?.['berth.stack'] === owner['berth.stack'];
}

export type Labels = Record<string, string> | null | undefined;

const remove = { container: 'rm --force', network: 'network rm', volume: 'volume rm' };
