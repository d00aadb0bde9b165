import { quote } from './quote.ts';

/** Returns the reason why a server rejects a channel, in the words of Go's `ssh`; `undefined` for any other error */
export function rejection(error: Error & { reason?: unknown }): string | undefined {
  const [, message] = /^\(SSH\) Channel open failure: ([\s\S]*)$/.exec(error.message) ?? [];
  if (message === undefined) return undefined;
  const reason = Number(error.reason);
  return `ssh: rejected: ${reasons[reason] ?? `unknown reason ${reason}`} (${quote(message)})`;
}

/** Source: RFC 4254, section 5.1 */
const reasons: Readonly<Record<number, string>> = {
  1: 'administratively prohibited',
  2: 'connect failed',
  3: 'unknown channel type',
  4: 'resource shortage',
};
