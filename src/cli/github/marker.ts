/** A comment or issue with its author, from GitHub's API */
interface Written {
  body?: string | null | undefined;
  user?: { type?: string } | null;
  author_association?: string;
}

/** Returns a text with an invisible marker by which it is found again */
export const marked = (marker: string, markdown: string): string => `${hidden(marker)}\n${markdown}`;

/**
 * Whether a text has a marker and a trusted author. A stranger could copy the marker into a comment, which berth would
 * then edit and the stranger control.
 */
export const isMarked = (marker: string, { body, user, author_association: association = '' }: Written): boolean =>
  (body ?? '').startsWith(hidden(marker)) && (user?.type === 'Bot' || trusted.includes(association));

const hidden = (marker: string): string => `<!-- berth: ${marker.replaceAll('--', '- -')} -->`;

const trusted = ['OWNER', 'MEMBER', 'COLLABORATOR'];
