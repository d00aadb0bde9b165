import { quoted } from '../render/quoted.ts';

/**
 * Prints a progress line every 15 s, because some firewalls cut silent connections after 30 s. The shell must `kill
 * $alive` at its end.
 */
const signsOfLife =
  '(n=0; while sleep 15 </dev/null >/dev/null 2>&1; do n=$((n+15)); ' +
  'echo "still at work after $n s$(sed "s/^/: /" /run/berth-doing 2>/dev/null)" >&2; done) >/dev/null & alive=$!';

/**
 * Returns the command that waits until a machine has booted, checks that its user may use sudo, and prints its
 * operating system and size. The text never changes, so that it never runs again on an existing machine.
 */
export const readyCommand = (user: string): string =>
  [
    'set -eu',
    mayAdminister(user),
    `${signsOfLife}; trap 'kill $alive || :' EXIT`,
    'if command -v cloud-init >/dev/null; then',
    '  code=0; sudo -n timeout 600 cloud-init status --wait >/dev/null || code=$?',
    // 2: booted after a recoverable error
    '  if [ "$code" != 0 ] && [ "$code" != 2 ]; then sudo -n cloud-init status --long >&2; exit 1; fi',
    'fi',
    '. /etc/os-release',
    'echo "$PRETTY_NAME, $(nproc) cpus, $(($(sed -n "s/^MemTotal: *\\([0-9]*\\).*/\\1/p" /proc/meminfo) / 1024)) MB"',
  ].join('\n');

const mayAdminister = (user: string): string =>
  `sudo -n true || { echo ${quoted(`user ${user} may not use sudo without a password: allow it in /etc/sudoers.d`)} >&2; exit 1; }`;

/**
 * Returns the shell text that reads a bundle from standard input to its end, checks it against its first line, unpacks it
 * into a folder $d that root alone may read, runs the given words and removes the folder.
 */
const received = (run: string): string =>
  'set -eu; umask 077; d=$(mktemp -d /var/lib/berth.XXXXXX); ' +
  `${signsOfLife}; trap "kill $alive || :; rm -rf $d" EXIT; ` +
  'refuse() { echo "the bundle $1: nothing was done, /var/lib has $(($(stat -fc %a*%S /var/lib) >> 20)) MB free" >&2; exit 1; }; ' +
  'read -r n sum _ || :; cat >$d/in || cat >/dev/null; ' +
  '[ $(stat -c %s $d/in) = "$n" ] && echo "$sum $d/in" | sha256sum -c --status || refuse "arrived short or changed"; ' +
  `base64 -d $d/in | tar -xzoC $d || refuse "could not be unpacked"; rm $d/in; ${run}`;

/**
 * Receives a bundle and brings the machine to its release. The text is the same for every machine and every release,
 * holds nothing secret, and is short: every failure prints it whole.
 */
export const convergeCommand = `sudo -n bash -c ${quoted(received('bash $d/start.sh $d'))}`;

/** Receives a bundle and prints what its release would do, by the engine that it brings; the machine stays as it is */
export const planCommand = `sudo -n timeout 120 bash -c ${quoted(received('/usr/bin/python3 -I -B $d/engine plan $d'))}`;

/**
 * Returns the command that receives and runs the bundle of `adoption` on an adopted machine. It checks for sudo first,
 * which some machines with a root login lack.
 */
export const adoptCommand = (user: string): string =>
  [
    'set -eu',
    'command -v sudo >/dev/null || { echo "sudo is missing on this machine: apt-get install sudo" >&2; exit 1; }',
    mayAdminister(user),
    convergeCommand,
  ].join('\n');
