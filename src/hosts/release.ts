import { remote } from '@pulumi/command';
import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';
import type { Host } from '../clouds/cloud.ts';
import { adoptCommand, convergeCommand, readyCommand } from './commands.ts';
import { connection, dials } from './connection.ts';
import { inClear } from './inClear.ts';

export interface ReleaseArgs {
  host: Host;
  /** Private half of the stack's deploy key */
  deployKey: pulumi.Output<string>;
  /** The bundle as a remote command's standard input takes it */
  bundle: pulumi.Output<string>;
  /** In the same form, what looks at a machine that somebody else made; none for one that was made here */
  adoption?: pulumi.Output<string>;
  /** The system's own */
  announcement: pulumi.ResourceHook;
  /** The role's own, where it has a schedule */
  hours?: pulumi.ResourceHook;
  /** Releases that must be live first: those of the roles that this one calls, and of the machine before it */
  after: readonly pulumi.Resource[];
  parent: pulumi.Resource;
}

/** One machine from boot to release, in two remote commands: it is ready, then it has the bundle's release */
export function release(args: ReleaseArgs): remote.Command {
  const { host, deployKey, bundle, adoption, hours, after, parent } = args;
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
      ...(hours && { hooks: { beforeUpdate: [hours] } }),
    },
  );
}

const common = { logging: remote.Logging.Stderr, addPreviousOutputInEnv: false };

/** A machine that was made anew gets everything again, also at the same address; one that is gone is not asked */
const following = ({ resource }: Host): pulumi.CustomResourceOptions =>
  resource ? { deletedWith: resource, replaceWith: [resource] } : {};

/** A machine that was made here: it boots, for minutes perhaps, and is then ready for good */
const booted = ({ host, deployKey, announcement, parent }: ReleaseArgs): remote.Command =>
  new remote.Command(
    `${host.name}-ready`,
    { ...common, connection: connection(host, deployKey, 'patient'), create: readyCommand(host.user) },
    {
      parent,
      ...following(host),
      ...(host.resource && { dependsOn: [host.resource] }),
      // A later change of the connection is the release's to prove
      ignoreChanges: ['connection'],
      deleteBeforeReplace: true,
      customTimeouts: { create: '15m' },
      hooks: { beforeCreate: [announcement] },
    },
  );

/**
 * A machine that somebody else made: it runs, and others use it. Whenever its rules change, this looks at it again and
 * puts them on trial; the release that follows at once is a login of its own, and so their proof, without a third one.
 * Hence it waits for what the release waits for, and runs again where another machine answers.
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

/** For every machine of a system, before its first command */
export const announcement = (system: string): pulumi.ResourceHook =>
  new pulumi.ResourceHook(`${system}-ready`, announce);

/** Says where a machine is looked for and what to check if it never answers, which the plugin doesn't */
export async function announce({ name, newInputs }: AnnouncedCommand): Promise<void> {
  const found = dialled.safeParse(await inClear(newInputs?.connection));
  // What only informs fails no deployment
  if (!found.success) return;
  const { host, port, user, dialErrorLimit, proxy } = found.data;
  const machine = name.replace(/-ready$/, '');
  const patience =
    dialErrorLimit === dials.patient ? 'to boot and answer, for a few minutes' : 'to answer, for some seconds';
  await pulumi.log.info(
    proxy
      ? behindBastion(machine, found.data, proxy)
      : `${machine}: waiting for ${user}@${host}:${port} ${patience}. Should it never do so, ` +
          `check that the machine runs, that port ${port} is open to this computer (berth:operators networks), and that ` +
          `${user} has the stack's deploy key; a "host key mismatch" means that another machine answers there`,
  );
}

/** Of two that may fail, the plugin's error says which by its number of attempts alone */
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

/** What the announcement reads of a connection */
const dialled = login.extend({ proxy: login.exactOptional() });
