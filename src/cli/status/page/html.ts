/** Markup of a page. Only `html` and `trusted` make it, so that no other text gets into a page unescaped */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | readonly Markup[] | undefined | false;

/**
 * Returns markup from a template whose parts are escaped, unless they are markup themselves. Attributes of a template are
 * in double quotes.
 */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(texts.map((text, index) => text + textOf(parts[index])).join(''));

/** Returns markup that this program has made otherwise, such as a stylesheet or a picture */
export const trusted = (text: string): Markup => new Markup(text);

function textOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  return Array.isArray(part) ? part.map(textOf).join('') : escaped(String(part));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters without a form of their own, such as those that turn the direction of a text, are left out */
const escaped = (text: string): string =>
  text
    .replace(/\p{Cc}/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .replace(/[&<>"']/g, (sign) => entities[sign] ?? '');

/** Returns a link, or the address as text where it is none of a site */
export const link = (url: string, text = url): Markup =>
  /^https?:\/\//.test(url) ? html`<a href="${url}" rel="noreferrer">${text}</a>` : html`${text}`;
