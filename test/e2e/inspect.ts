import { configuration, inMachine, secretsOf, stateText, stdoutOf, type TestStack } from './stack.ts';

/** Lists the state that a release could change: containers, its files, last starts of services */
export const hostState = (stack: TestStack): Promise<string> => {
  const files = [
    '$(readlink -f /var/lib/berth/basegun/current)',
    '/var/lib/berth/basegun/edge/routes.yaml',
    '/etc/docker/daemon.json',
    '/etc/berth/firewall.nft.conf',
  ];
  return inMachine(
    stack,
    `docker ps --no-trunc --format "{{.ID}} {{.Names}}" | sort; stat -c "%n %Y %i" ${files.join(' ')}; ` +
      'systemctl show -P ActiveEnterTimestamp docker ssh berth-firewall',
  );
};

/** Returns the id of a service's running container, or an empty text */
export const containerId = async (stack: TestStack, service: string): Promise<string> =>
  (await inMachine(stack, `docker ps --no-trunc -q --filter label=berth.service=${service}`)).trim();

/** Returns the resources of a state with the time of their last change */
export const resourcesOf = (state: string): unknown =>
  JSON.parse(state).checkpoint.latest.resources.map((resource: Record<string, string>) => [
    resource.urn,
    resource.id,
    resource.modified,
  ]);

/** Returns the URN of the machine's release */
export async function releaseUrn(stack: TestStack): Promise<string> {
  const { output } = await stack.pulumi('stack', '--show-urns');
  const urn = /urn:\S+-web-0-release/.exec(output)?.[0];
  if (!urn) throw new Error(`no release in ${output}`);
  return urn;
}

/** Returns the containers, networks and volumes that remain of a stack */
export async function leftOf(stack: TestStack): Promise<string[]> {
  const filter = ['--quiet', '--filter', `name=berth-${stack.place.stack}-`];
  const kinds = [
    ['ps', '--all'],
    ['network', 'ls'],
    ['volume', 'ls'],
  ];
  const found = await Promise.all(kinds.map((kind) => stdoutOf('docker', [...kind, ...filter])));
  return found.flatMap((text) => text.split('\n')).filter((line) => line !== '');
}

/**
 * Returns texts of a stack's secrets: lines, and strings of objects, each at least 16 characters long to avoid chance
 * matches
 */
export async function secretTexts(stack: TestStack): Promise<string[]> {
  return (await secretsOf(stack)).flatMap(parts).filter((text) => text.length >= 16);
}

/** Returns texts that other users than root can read, in which secrets could appear, by description */
export async function whereSecretsCouldBe(stack: TestStack): Promise<Record<string, string>> {
  const inside = (script: string) => inMachine(stack, script);
  // Searched as a user without rights, so that folder permissions count too
  const readable = `find /etc /var/lib /var/log /home /root /run /tmp /usr/local -xdev -type f -readable -size -2M -print0`;
  const asNobody = (script: string) => inside(`su -s /bin/bash nobody -c '${script}' | tr -d "\\0"`);
  return {
    outputs: JSON.stringify(await stack.outputs()),
    'the state': await stateText(stack),
    'the configuration': JSON.stringify(await configuration(stack)),
    // User data must contain the private host key, and no other secret
    'user data, but for the host key': await inside(
      'sed "/BEGIN OPENSSH PRIVATE KEY/,/END OPENSSH PRIVATE KEY/d" /var/lib/cloud/instance/user-data.txt',
    ),
    'process lists': await inside('cat /proc/[0-9]*/cmdline | tr "\\0" " "'),
    'the journal': await inside('journalctl --no-pager'),
    'files that others may read': await asNobody(`${readable} 2>/dev/null | xargs -0 cat 2>/dev/null || true`),
  };
}

function parts(secret: string): string[] {
  const texts: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node === 'string') texts.push(...node.split('\n'));
    // A nested secret: only its `plaintext` is secret, not the engine's marker beside it
    else if (typeof node === 'object' && node !== null && 'plaintext' in node) visit(JSON.parse(`${node.plaintext}`));
    else if (typeof node === 'object' && node !== null) for (const child of Object.values(node)) visit(child);
  };
  try {
    visit(JSON.parse(secret));
  } catch {
    visit(secret);
  }
  // PEM markers, public keys and addresses are not secret
  return texts.filter((text) => !/^(-----|ssh-|\d+(\.\d+)+)/.test(text));
}
