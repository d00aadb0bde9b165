import { configuration, inMachine, secretsOf, stateText, stdoutOf, type TestStack } from './stack.ts';

/** What a release could have touched: containers, its own files, the services' last start */
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

/** The running container of a service, empty when there is none */
export const containerId = async (stack: TestStack, service: string): Promise<string> =>
  (await inMachine(stack, `docker ps --no-trunc -q --filter label=berth.service=${service}`)).trim();

/** Which resources a state has, and when each was last changed */
export const resourcesOf = (state: string): unknown =>
  JSON.parse(state).checkpoint.latest.resources.map((resource: Record<string, string>) => [
    resource.urn,
    resource.id,
    resource.modified,
  ]);

/** The URN of the machine's release */
export async function releaseUrn(stack: TestStack): Promise<string> {
  const { output } = await stack.pulumi('stack', '--show-urns');
  const urn = /urn:\S+-web-0-release/.exec(output)?.[0];
  if (!urn) throw new Error(`no release in ${output}`);
  return urn;
}

/** Containers, networks and volumes that still bear a stack's name */
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

/** Every secret of a stack as it may appear: whole, its lines, the strings of an object; long enough to be no accident */
export async function secretTexts(stack: TestStack): Promise<string[]> {
  return (await secretsOf(stack)).flatMap(parts).filter((text) => text.length >= 16);
}

/** Everything that others than root may read, by what it is */
export async function whereSecretsCouldBe(stack: TestStack): Promise<Record<string, string>> {
  const inside = (script: string) => inMachine(stack, script);
  // Asked as a user without rights, so that a closed folder counts
  const readable = `find /etc /var/lib /var/log /home /root /run /tmp /usr/local -xdev -type f -readable -size -2M -print0`;
  const asNobody = (script: string) => inside(`su -s /bin/bash nobody -c '${script}' | tr -d "\\0"`);
  return {
    outputs: JSON.stringify(await stack.outputs()),
    'the state': await stateText(stack),
    'the configuration': JSON.stringify(await configuration(stack)),
    // The pinned host key is the one secret that is meant to be there
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
    // A secret within a secret: beside its text stands the engine's mark, which is none
    else if (typeof node === 'object' && node !== null && 'plaintext' in node) visit(JSON.parse(`${node.plaintext}`));
    else if (typeof node === 'object' && node !== null) for (const child of Object.values(node)) visit(child);
  };
  try {
    visit(JSON.parse(secret));
  } catch {
    visit(secret);
  }
  // Marks, public keys and addresses are no secrets
  return texts.filter((text) => !/^(-----|ssh-|\d+(\.\d+)+)/.test(text));
}
