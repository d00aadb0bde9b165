/** Who wrote something, as far as GitHub's API says it */
interface Written {
  body?: string | null | undefined;
  user?: { type?: string } | null;
  author_association?: string;
}

/** A text that is found again by its marker, which readers don't see */
export const marked = (marker: string, markdown: string): string => `${hidden(marker)}\n${markdown}`;

/**
 * Whether this is the text with that marker, written by somebody who may: a stranger's comment that copies the marker
 * would otherwise be taken for ours, and stay in the stranger's hands.
 */
export const isMarked = (marker: string, { body, user, author_association: association = '' }: Written): boolean =>
  (body ?? '').startsWith(hidden(marker)) && (user?.type === 'Bot' || trusted.includes(association));

const hidden = (marker: string): string => `<!-- berth: ${marker.replaceAll('--', '- -')} -->`;

const trusted = ['OWNER', 'MEMBER', 'COLLABORATOR'];
