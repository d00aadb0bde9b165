import { type LastRelease, send } from '../../e2e/byHand.ts';
import { user } from '../../e2e/existing/host.ts';
import type { ExistingStack } from '../../e2e/existing/stack.ts';
import type { Contender, Desired, Target, Version } from './contender.ts';

/** The whole command of a person, on a stack of Basegun on an existing machine */
export const pulumiUp = (stack: ExistingStack, log: (line: string) => void): Contender => ({
  name: 'berth: pulumi up',
  async deploy({ host, wire }: Target, { version, secondNetwork }: Desired) {
    const gateway = `${host.gateway}/32`;
    await stack.configure(
      { address: '127.0.0.1', port: wire.port, user, hostKey: host.hostKey },
      secondNetwork ? [gateway, '100.64.7.0/24'] : [gateway],
      { version, gatewayNetworks: [gateway] },
    );
    const { code, output } = await stack.up();
    log(output);
    if (code !== 0) throw new Error(`berth did not release ${version}:\n${output}`);
  },
  async reset({ host }) {
    const { code, output } = await stack.pulumi('destroy', '--yes', '--skip-preview', '--non-interactive');
    if (code !== 0) throw new Error(output);
    await host.inside(`runuser -u ${user} -- ${retire}`);
  },
});

/** As the stack's outputs say it */
const retire = 'sudo /usr/bin/python3 -I /var/lib/berth/basegun/current/engine retire /var/lib/berth/basegun/current';

/**
 * The part of it on the machine, without the engine: the release sent once more over its one login. With nothing to do this
 * looks at every file, mode and container, which `pulumi up` does not.
 * @param bundles of the versions, as the engine sent them
 */
export const sentRelease = (bundles: Record<Version, LastRelease>, log: (line: string) => void): Contender => ({
  name: 'berth: its release alone',
  async deploy(_, { version }) {
    const { code, output } = await send(bundles[version]).done;
    log(output);
    if (code !== 0) throw new Error(`the release of ${version} failed:\n${output}`);
  },
  reset: async () => undefined,
  stateless: true,
  without: {
    file: 'changed rules are tried first by a command of their own',
    first: 'the machine is adopted first by a command of its own',
  },
});
