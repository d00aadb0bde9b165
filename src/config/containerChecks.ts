import { containerRanges, freeRange } from '../model/containerRange.ts';
import { lengthOf, namedNetworks, overlap } from '../model/networks.ts';
import type { Problem } from '../model/problem.ts';
import { pathText } from './path.ts';
import { defaultNetwork } from './privateRange.ts';

/**
 * Returns a problem if the networks of the file leave no free range for docker on the machines; it names the widest
 * network that is in the way
 */
export function containerProblems(config: Readonly<Record<string, unknown>>): readonly Problem[] {
  const named = Object.entries({ 'berth:network': defaultNetwork, ...config }).filter(
    ([key]) => key !== 'berth:secrets',
  );
  const networks = namedNetworks(Object.fromEntries(named));
  if (freeRange(networks) !== undefined) return [];
  const [widest] = networks
    .filter(({ network }) => containerRanges.some((range) => overlap(range, network)))
    .sort((a, b) => lengthOf(a.network) - lengthOf(b.network));
  if (widest === undefined) return [];
  return [
    {
      path: pathText(widest.path),
      value: `\`${widest.network}\``,
      message:
        "leaves no free range for docker's networks on the machines, together with the other networks of this file: replies " +
        'to a client in a range that docker also uses never leave the machine',
      allowed: `networks that do not overlap at least one of ${containerRanges.join(', ')}`,
      fix: 'name smaller networks: only the addresses that are in use',
    },
  ];
}
