import type { CertificateFacts } from '../model/facts.ts';
import type { Container } from '../model/service.ts';
import { type Reference, ref } from '../model/value.ts';

/** Folder of these files in every container that has one; configuration folders are mounted elsewhere */
const folder = '/etc/berth-tls';

/** Paths in a container */
export const certificateFile = `${folder}/server.crt`;
export const certificateKeyFile = `${folder}/server.key`;
export const authorityFile = `${folder}/authority.crt`;

const certificateFact = (role: string, kind: keyof CertificateFacts): Reference => ref(`certificates.${role}.${kind}`);

/**
 * Returns the certificate in PEM by which clients check the servers of a role that has a certificate of the system's own
 * authority
 */
export const authorityOf = (role: string): Reference => certificateFact(role, 'authority');

/** Returns the files of a client's container with which it checks the servers of a role */
export const clientFiles = (role: string): NonNullable<Container['secretFiles']> => ({
  [authorityFile]: authorityOf(role),
});

/** Returns the files of a server's container; it checks itself as a client does */
export const serverFiles = (role: string): NonNullable<Container['secretFiles']> => ({
  [certificateFile]: certificateFact(role, 'certificate'),
  [certificateKeyFile]: certificateFact(role, 'key'),
  ...clientFiles(role),
});
