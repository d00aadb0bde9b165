import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';

/** The labels by which everything that a stack makes on the docker engine is known. */
export interface Owner {
  /** `<project>/<stack>/<id of the program's folder>`: two clones of one project are two owners. */
  'berth.stack': string;
  'berth.urn': string;
}

/** Who owns the resource of that URN. The engine starts a plugin in the program's folder. */
export function ownerOf(urn: string, programFolder = process.cwd()): Owner {
  const [stack = '', project = ''] = urn.replace(/^urn:pulumi:/, '').split('::');
  const folder = createHash('sha256').update(realpathSync(programFolder)).digest('hex').slice(0, 8);
  return { 'berth.stack': `${project}/${stack}/${folder}`, 'berth.urn': urn };
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
