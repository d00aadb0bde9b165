import { getDomain } from 'tldts';

/**
 * The kind of record that leads a name to another name. The name of a zone itself (`example.org`, `example.gouv.fr`) can
 * have no CNAME (RFC 1034, 3.6.2): there, DNS providers follow the other name themselves, as ALIAS or ANAME.
 */
export const aliasType = (name: string): 'CNAME' | 'ALIAS' => (getDomain(name) === name ? 'ALIAS' : 'CNAME');
