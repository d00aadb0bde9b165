import type { Facts } from '../model/value.ts';

/**
 * Returns made-up facts of a cloud, the same each time: documentation addresses (RFC 5737), and paths in angle brackets
 * @param roots roots of the certificate authority in PEM
 */
export const offlineFacts = (references: readonly string[], roots: string): Facts =>
  Object.fromEntries(
    references.map((reference, index) => [
      reference,
      reference === 'acme.roots' ? roots : offlineFact(reference, `192.0.2.${10 + index}`),
    ]),
  );

function offlineFact(reference: string, address: string): string {
  const kind = reference.slice(reference.lastIndexOf('.') + 1);
  if (/address$/i.test(kind) || kind === 'host') return address;
  if (kind === 'endpoint' || kind === 'directory') return `https://${address}`;
  if (kind === 'scheme') return 'https';
  if (kind === 'networks') return '198.51.100.128/25';
  if (kind === 'port') return '9200';
  if (kind === 'opensearch') return 'true';
  if (kind === 'kafka') return 'false';
  if (reference === 'acme.authority' || kind === 'volumeDevice') return '';
  return `<${reference}>`;
}
