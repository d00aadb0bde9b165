import type { Blueprint } from './blueprint.ts';
import { sitesOf } from './edge.ts';

/** Returns the other names of a system's site: `alsoAt` answers as its URL does, `redirectFrom` redirects to it */
export function otherNames({ url, roles }: Pick<Blueprint, 'url' | 'roles'>): {
  alsoAt?: readonly string[];
  redirectFrom?: readonly string[];
} {
  const { hostname } = new URL(url);
  const edges = Object.values(roles).flatMap(({ edge }) => edge ?? []);
  const redirectFrom = edges.flatMap(({ redirects = [] }) => redirects.map(({ from }) => from));
  const alsoAt = edges.filter((edge) => sitesOf(edge)[0] === hostname).flatMap((edge) => sitesOf(edge).slice(1));
  return { ...(alsoAt.length > 0 && { alsoAt }), ...(redirectFrom.length > 0 && { redirectFrom }) };
}
