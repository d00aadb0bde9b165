import type { Project } from './engine.ts';
import type { Sshd } from './sshd.ts';

/** One `remote.Command` of a test's program; a value `{ secret: … }` becomes a secret. */
export interface Declared {
  create?: unknown;
  stdin?: unknown;
  logging?: unknown;
  connection?: Record<string, unknown>;
  /** Engine options; `replaceWith` and `deletedWith` name other commands of the program. */
  options?: Record<string, unknown>;
  [input: string]: unknown;
}

/** Writes a program that declares these commands, in order. */
export async function declare(project: Project, commands: Record<string, Declared>): Promise<void> {
  await project.program(`
    import * as pulumi from '@pulumi/pulumi';
    import * as command from '@pulumi/command';
    const made = {};
    const revive = (_key, value) => (value?.secret === undefined ? value : pulumi.secret(value.secret));
    const commands = JSON.parse(${JSON.stringify(JSON.stringify(commands))}, revive);
    for (const [name, { options = {}, ...inputs }] of Object.entries(commands)) {
      const { replaceWith, deletedWith, ...others } = options;
      made[name] = new command.remote.Command(name, { addPreviousOutputInEnv: false, ...inputs }, {
        ...others,
        ...(replaceWith && { replaceWith: replaceWith.map((one) => made[one]) }),
        ...(deletedWith && { deletedWith: made[deletedWith] }),
      });
    }
  `);
}

/** A connection that works, with what a test changes of it. */
export function connectionTo(sshd: Sshd, changed: Record<string, unknown> = {}): Record<string, unknown> {
  const { port, user, privateKey, hostKeys } = sshd;
  return { host: '127.0.0.1', port, user, privateKey, hostKey: hostKeys.ed25519, dialErrorLimit: 0, ...changed };
}
