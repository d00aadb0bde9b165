import { getDomain } from 'tldts';

/**
 * Returns the record type that points a name to another name. A zone's own name (`example.org`, `example.gouv.fr`) can
 * have no CNAME (RFC 1034, 3.6.2): DNS providers offer ALIAS or ANAME instead.
 */
export const aliasType = (name: string): 'CNAME' | 'ALIAS' => (getDomain(name) === name ? 'ALIAS' : 'CNAME');
