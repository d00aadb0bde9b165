import { CertRequest } from '@pulumi/tls/certRequest.js';
import { LocallySignedCert } from '@pulumi/tls/locallySignedCert.js';
import { PrivateKey } from '@pulumi/tls/privateKey.js';
import { SelfSignedCert } from '@pulumi/tls/selfSignedCert.js';
import type { ProvisionRequest } from './cloud.ts';
import { type Issuer, plainFact, secretFact } from './makers.ts';

const yearHours = 365 * 24;

/** Renewed by a deployment in its second half, with the same key and name, so that both vouch for each certificate */
const authorityHours = { validityPeriodHours: 30 * yearHours, earlyRenewalHours: 15 * yearHours };

/** Renewed by any deployment after two years, three years before its end */
const certificateHours = { validityPeriodHours: 5 * yearHours, earlyRenewalHours: 3 * yearHours };

const elliptic = { algorithm: 'ECDSA', ecdsaCurve: 'P256' };

/**
 * Creates a system's own certificate authority, whose key is in the stack's state alone, and returns what issues its
 * certificates. Nobody but the system's clients trusts it.
 */
export function tlsAuthority({
  blueprint: { system },
  parent,
}: Pick<ProvisionRequest, 'blueprint' | 'parent'>): Issuer {
  const options = { parent };
  const authorityKey = new PrivateKey(`${system}-authority-key`, elliptic, options);
  const authority = new SelfSignedCert(
    `${system}-authority`,
    {
      privateKeyPem: authorityKey.privateKeyPem,
      subject: { commonName: `${system} authority` },
      isCaCertificate: true,
      setSubjectKeyId: true,
      allowedUses: ['cert_signing', 'crl_signing'],
      ...authorityHours,
    },
    options,
  );
  return ({ role, names, addresses }) => {
    const name = `${system}-${role}-certificate`;
    const key = new PrivateKey(`${name}-key`, elliptic, options);
    const request = new CertRequest(
      `${name}-request`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: `${system}-${role}` },
        dnsNames: [...names],
        ipAddresses: [...addresses],
      },
      options,
    );
    const signed = new LocallySignedCert(
      name,
      {
        certRequestPem: request.certRequestPem,
        caPrivateKeyPem: authorityKey.privateKeyPem,
        caCertPem: authority.certPem,
        allowedUses: ['digital_signature', 'server_auth'],
        ...certificateHours,
      },
      options,
    );
    return {
      certificate: plainFact(signed.certPem),
      key: secretFact(key.privateKeyPem),
      authority: plainFact(authority.certPem),
    };
  };
}
