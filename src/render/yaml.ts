import { Document, Scalar, visit } from 'yaml';

/**
 * Data as YAML that programs written in Go read as it is meant: what their reader refuses (control characters) or takes
 * for a line break (YAML 1.1) is written as an escape, which only double quotes know.
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
