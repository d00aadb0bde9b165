import { Document, Scalar, visit } from 'yaml';

/**
 * Returns data as YAML that Go programs read correctly: characters that their parser refuses (control characters) or
 * reads as a line break (YAML 1.1) are escaped in double quotes
 */
export function yaml(data: unknown): string {
  const document = new Document(data, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && node.value.search(unread) !== -1) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0 }).replace(unread, escaped);
}

const unread = /[\u007f-\u009f\u2028\u2029\ufffe\uffff]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
