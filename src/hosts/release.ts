import { remote } from '@pulumi/command';
import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';
import type { Host } from '../clouds/cloud.ts';
import { adoptCommand, convergeCommand, readyCommand } from './commands.ts';
import { connection, dials } from './connection.ts';
import { inClear } from './inClear.ts';

export interface ReleaseArgs {
  host: Host;
  /** Private key of the stack's deploy key */
  deployKey: pulumi.Output<string>;
  /** The bundle as text for standard input */
  bundle: pulumi.Output<string>;
  /** The bundle that checks an adopted machine, in the same form; absent for machines that berth makes */
  adoption?: pulumi.Output<string>;
  /** Hook of the system */
  announcement: pulumi.ResourceHook;
  /** Hook of the role, where it has a schedule */
  hours?: pulumi.ResourceHook;
  /** Hooks of the role's releases, where there are pauses between them */
  pauses?: pulumi.ResourceHookBinding | undefined;
  /** Releases that must be live first: those of the roles that this one calls, and of the machines before it */
  after: readonly pulumi.Resource[];
  parent: pulumi.Resource;
}

/**
 * Brings one machine from boot to its release with two remote commands: the first makes sure that it is ready, the
 * second runs the bundle
 */
export function releaseMachine(args: ReleaseArgs): remote.Command {
  const { host, deployKey, bundle, adoption, hours, pauses = {}, after, parent } = args;
  const ready = adoption ? adopted(args, adoption) : booted(args);
  return new remote.Command(
    `${host.name}-release`,
    {
      ...common,
      connection: connection(host, deployKey, 'quick'),
      create: convergeCommand,
      stdin: pulumi.secret(bundle),
    },
    {
      parent,
      ...following(host),
      dependsOn: [ready, ...after],
      additionalSecretOutputs: ['stdout', 'stderr'],
      deleteBeforeReplace: true,
      customTimeouts: { create: '60m', update: '60m' },
      hooks: { ...pauses, beforeUpdate: [...(hours ? [hours] : []), ...(pauses.beforeUpdate ?? [])] },
    },
  );
}

const common = { logging: remote.Logging.Stderr, addPreviousOutputInEnv: false };

/** A replaced machine is released again, even with the same address; nothing runs on a deleted one */
const following = ({ resource }: Host): pulumi.CustomResourceOptions =>
  resource ? { deletedWith: resource, replaceWith: [resource] } : {};

/** Waits for a machine that berth has made; it may boot for minutes and never needs to be checked again */
const booted = ({ host, deployKey, announcement, parent }: ReleaseArgs): remote.Command =>
  new remote.Command(
    `${host.name}-ready`,
    { ...common, connection: connection(host, deployKey, 'patient'), create: readyCommand(host.user) },
    {
      parent,
      ...following(host),
      ...(host.resource && { dependsOn: [host.resource] }),
      // The release itself uses a changed connection
      ignoreChanges: ['connection'],
      deleteBeforeReplace: true,
      customTimeouts: { create: '15m' },
      hooks: { beforeCreate: [announcement] },
    },
  );

/**
 * Checks an adopted machine, which runs already and has other users. When its rules change, it checks again and applies
 * them on trial; the login of the release that follows confirms them. It therefore has the dependencies of the release,
 * and runs again when another machine answers.
 */
const adopted = (
  { host, deployKey, announcement, after, parent }: ReleaseArgs,
  adoption: pulumi.Output<string>,
): remote.Command =>
  new remote.Command(
    `${host.name}-ready`,
    {
      ...common,
      connection: connection(host, deployKey, 'quick'),
      create: adoptCommand(host.user),
      stdin: pulumi.secret(adoption),
    },
    {
      parent,
      dependsOn: [...after],
      deleteBeforeReplace: true,
      customTimeouts: { create: '15m', update: '15m' },
      hooks: { beforeCreate: [announcement], beforeUpdate: [announcement] },
    },
  );

/** Returns the hook that runs before the first command on each machine of a system */
export const announcement = (system: string): pulumi.ResourceHook =>
  new pulumi.ResourceHook(`${system}-ready`, announce);

/** Prints the address that is tried and what to check if the machine never answers; the plugin prints neither */
export async function announce({ name, newInputs }: AnnouncedCommand): Promise<void> {
  const found = dialled.safeParse(await inClear(newInputs?.connection));
  // A failed announcement must not fail the deployment
  if (!found.success) return;
  const { host, port, user, dialErrorLimit, proxy } = found.data;
  const machine = name.replace(/-ready$/, '');
  const patience =
    dialErrorLimit === dials.patient ? 'to boot and answer, for a few minutes' : 'to answer, for some seconds';
  await pulumi.log.info(
    proxy
      ? behindBastion(machine, found.data, proxy)
      : `${machine}: waiting for ${user}@${host}:${port} ${patience}. If it never does, ` +
          `check that the machine runs, that port ${port} is open to this computer (berth:operators networks), and that ` +
          `${user} has the stack's deploy key; a "host key mismatch" means that another machine answers there`,
  );
}

/** Explains how to read the plugin's error, which tells the bastion from the machine only by the number of attempts */
function behindBastion(machine: string, { host, port, user }: Dialled, { dialErrorLimit, ...proxy }: Dialled): string {
  const bastion = `${proxy.user}@${proxy.host}:${proxy.port}`;
  return (
    `${machine}: waiting for ${user}@${host}:${port} by way of the bastion ${bastion}. "proxy: after ${dialErrorLimit} ` +
    `failed attempts" is about the bastion ${proxy.host}: check that it runs, that its port ${proxy.port} is open to this ` +
    `computer, and that ${proxy.user} has the stack's deploy key there. "proxy: after 0 failed attempts" is about ${host} ` +
    `behind it: check that the machine runs, that its port ${port} is open to the bastion, that the bastion forwards TCP ` +
    `connections, and that ${user} has the stack's deploy key too. A "host key mismatch" means that another machine ` +
    'answers there'
  );
}

type AnnouncedCommand = Pick<pulumi.ResourceHookArgs, 'name' | 'newInputs'>;

const login = z.object({ host: z.string(), port: z.number(), user: z.string(), dialErrorLimit: z.number() });
type Dialled = z.infer<typeof login>;

/** The part of a connection that the announcement needs */
const dialled = login.extend({ proxy: login.exactOptional() });
