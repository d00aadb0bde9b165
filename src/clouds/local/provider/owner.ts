import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The labels by which everything that a stack makes on the docker engine is known. */
export interface Owner {
  /** `<project>/<stack>/<id of the project's folder>`: two clones of one project are two owners. */
  'berth.stack': string;
  'berth.urn': string;
}

/**
 * Who owns the resource of that URN.
 * @param folder the project's, or one below it. @default that of the program, where the engine starts a plugin
 */
export function ownerOf(urn: string, folder = process.cwd()): Owner {
  const [stack = '', project = ''] = urn.replace(/^urn:pulumi:/, '').split('::');
  // The sum stays what it was when the program lay in `src`: machines that run keep their owner
  const id = createHash('sha256')
    .update(join(projectOf(realpathSync(folder)), 'src'))
    .digest('hex')
    .slice(0, 8);
  return { 'berth.stack': `${project}/${stack}/${id}`, 'berth.urn': urn };
}

/** The nearest folder with a Pulumi.yaml, upward; the given one where none has it */
function projectOf(folder: string): string {
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    if (existsSync(join(candidate, 'Pulumi.yaml'))) return candidate;
    if (candidate === dirname(candidate)) return folder;
  }
}

/**
 * Whether a thing of a name that we are about to make is left over from an interrupted run of the same resource.
 * @throws when it belongs to anyone else, saying to whom
 */
export function isLeftover(
  kind: 'container' | 'network' | 'volume',
  name: string,
  labels: Labels,
  owner: Owner,
): boolean {
  if (labels?.['berth.stack'] === owner['berth.stack'] && labels['berth.urn'] === owner['berth.urn']) return true;
  const other = labels?.['berth.stack'];
  const whose = other === undefined ? 'one that berth did not make' : `${labels?.['berth.urn']} of stack ${other}`;
  throw new Error(
    `the ${kind} name ${name} is taken by ${whose}: remove it (docker ${remove[kind]} ${name}) or name this one otherwise`,
  );
}

/** Whether it is this stack's; what is not is never removed. */
export function isOurs(labels: Labels, owner: Owner): boolean {
  return labels?.['berth.stack'] === owner['berth.stack'];
}

export type Labels = Record<string, string> | null | undefined;

const remove = { container: 'rm --force', network: 'network rm', volume: 'volume rm' };
