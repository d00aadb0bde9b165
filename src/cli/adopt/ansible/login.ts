import type { Jump } from '../found.ts';

/** Names of variables with an address in a private network */
export const privateNames = [
  'private_address',
  'private_ip',
  'private_ip_address',
  'private_ipv4',
  'internal_ip',
  'vpc_ip',
];

/** Variables with which Ansible itself logs in, by password */
export const passwordNames =
  /^ansible_(?:ssh_pass|password|become_pass|become_password|sudo_pass|ssh_private_key_passphrase)$/;

/**
 * Returns the bastion that options of ssh name: `-J ops@bastion:2222`, `-o ProxyJump=…`, or a ProxyCommand with
 * `ssh -W %h:%p ops@bastion`
 * @returns null where they name one in another way
 */
export function jumpIn(options: string): Jump | null | undefined {
  const [, jump] = /(?:-J\s*|ProxyJump[= ])"?([^\s"',]+)/i.exec(options) ?? [];
  if (jump !== undefined) return jumpOf(jump);
  if (!/ProxyCommand/i.test(options)) return undefined;
  const [, command = ''] = /ProxyCommand[= ]["']?(.*)$/i.exec(options) ?? [];
  if (!/\bssh\b.*-W/.test(command)) return null;
  const words = command.replace(/["']\s*$/, '').split(/\s+/);
  const valued = new Set(['-W', '-i', '-o', '-p', '-l', '-F']);
  const after = (flag: string): string | undefined => words[words.indexOf(flag) + 1 || words.length];
  const place = words.find((word, index) => index > 0 && !word.startsWith('-') && !valued.has(words[index - 1] ?? ''));
  if (place === undefined) return null;
  const [port, user] = [after('-p'), after('-l')];
  return { ...(user !== undefined && { user }), ...(port !== undefined && { port: Number(port) }), ...jumpOf(place) };
}

/** Returns the parts of `user@host:port` */
export function jumpOf(text: string): Jump {
  const [, user, address = text, port] = /^(?:ssh:\/\/)?(?:([^@]+)@)?([^:]+)(?::(\d+))?$/.exec(text) ?? [];
  return { address, ...(user !== undefined && { user }), ...(port !== undefined && { port: Number(port) }) };
}
