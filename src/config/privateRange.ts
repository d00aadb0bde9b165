import type { Clouds } from '../model/cloud.ts';
import { lengthOf, overlap } from '../model/networks.ts';
import type { Problem } from '../model/problem.ts';
import { textField } from './guide.ts';
import { cidrFlaw } from './network.ts';
import { pathText } from './path.ts';
import { cloudsIn, member, valueAt } from './walk.ts';

/** Large enough for the roles of every system */
export const defaultNetwork = '10.64.0.0/20';

/**
 * Range of the networks that berth creates: private (RFC 1918), and of a size that every cloud allows (the strictest
 * takes a /16 at most)
 */
export const privateRange = textField({
  noun: 'an IPv4 network',
  description: `The address range of each system's network, on clouds where it can be chosen: private, a /22 or larger. @default ${defaultNetwork}`,
  examples: [defaultNetwork],
  allowed: `a private network from /16 to /22, such as ${defaultNetwork}`,
  pattern: /^(?:10\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])|192\.168)(?:\.\d{1,3}){2}\/(?:1[6-9]|2[0-2])$/,
  flaw: (value) => {
    const flaw = cidrFlaw(value);
    if (flaw) return flaw;
    if (!privates.some((range) => overlap(range, value) && lengthOf(range) <= lengthOf(value)))
      return { message: 'is not a private network', fix: `use one of ${privates.join(', ')}` };
    if (lengthOf(value) > 22)
      return { message: `is too small: each role has a fixed block of addresses in it`, fix: 'use a /22 or larger' };
    if (lengthOf(value) < 16) return { message: 'is larger than clouds accept', fix: 'use a /16 or smaller' };
    return undefined;
  },
});

/**
 * Returns operators' networks that overlap the machines' range: SSH would be open between all machines, and answers to
 * the operators would never leave the network
 */
export function overlapProblems(config: unknown, clouds: Clouds): readonly Problem[] {
  const range = member(config, 'berth:network') ?? defaultNetwork;
  const operators = valueAt(config, ['berth:operators', 'networks']);
  const made = cloudsIn(clouds, config).some((cloud) => cloud?.capabilities.makesNetworks);
  if (!Array.isArray(operators) || !made || !isNetwork(range)) return [];
  return operators.flatMap((network, index) => {
    if (!isNetwork(network) || lengthOf(network) === 0 || !overlap(range, network)) return [];
    const path = pathText(['berth:operators', 'networks', index]);
    const message = `overlaps ${range}, the range of the machines' own network (berth:network)`;
    return [
      {
        path,
        value: `\`${network}\``,
        message,
        fix: "name smaller operators' networks, or another berth:network",
      },
    ];
  });
}

const privates = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/**
 * Returns whether an address is private: in the ranges of RFC 1918, or in the shared range of carriers and overlay
 * networks (RFC 6598)
 */
export const isPrivateAddress = (address: string): boolean =>
  [...privates, '100.64.0.0/10'].some((range) => overlap(range, `${address}/32`));

const isNetwork = (value: unknown): value is string => typeof value === 'string' && cidrFlaw(value) === undefined;
