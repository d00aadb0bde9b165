import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { certificateKeySecret, certificateSecret } from '../model/certificate.ts';
import type { SecretFlaw } from '../model/system.ts';

/** Minimum remaining validity of a certificate in days, so that it does not expire before the next deployment */
export const leastDays = 7;
const dayMs = 24 * 60 * 60 * 1000;

/** Flaws of a certificate and its key, by secret. The messages contain dates, but no other content of the secrets. */
export type CertificateFlaws = readonly { secret: string; flaw: SecretFlaw }[];

/**
 * Returns the reasons why an edge could not serve these names with this certificate and key
 * @param pem chain, starting with the site's own certificate, and private key; `undefined` where the text is not
 * available
 */
export function certificateFlaws(
  pem: { certificate: string | undefined; key: string | undefined },
  names: readonly string[],
  now: Date,
): CertificateFlaws {
  const chain = pem.certificate === undefined ? undefined : chainIn(pem.certificate);
  const key = pem.key === undefined ? undefined : keyIn(pem.key);
  const [own] = chain ?? [];
  const ofChain =
    pem.certificate === undefined ? [] : own ? chainFlaws([own, ...(chain ?? []).slice(1)], names, now) : [noChain];
  return [
    ...ofChain.map((flaw) => ({ secret: certificateSecret, flaw })),
    ...(pem.key !== undefined && !key ? [{ secret: certificateKeySecret, flaw: noKey }] : []),
    ...(own && key && !own.checkPrivateKey(key) ? [{ secret: certificateKeySecret, flaw: ofAnother }] : []),
  ];
}

const noChain: SecretFlaw = {
  message: 'is not a chain of certificates in PEM',
  fix: "give the site's own certificate, followed by its intermediate certificates: fullchain.pem",
};
const noKey: SecretFlaw = {
  message: 'is not a private key in PEM without a passphrase',
  fix: 'remove the passphrase: openssl pkey -in <file>',
};
const ofAnother: SecretFlaw = {
  message: 'does not belong to the first certificate of the chain',
  fix: "give the key that belongs to this certificate, and the chain with the site's own certificate first",
};

function chainFlaws(
  chain: readonly [X509Certificate, ...X509Certificate[]],
  names: readonly string[],
  now: Date,
): readonly SecretFlaw[] {
  const [own] = chain;
  const uncovered = names.filter((name) => own.checkHost(name) === undefined);
  const broken = chain.findIndex((one, index) => {
    const issuer = chain[index + 1];
    return issuer !== undefined && !one.checkIssued(issuer);
  });
  return [
    ...(uncovered.length > 0
      ? [{ message: `does not cover ${uncovered.join(', ')}`, fix: 'request one for all names' }]
      : []),
    ...(broken >= 0
      ? [
          {
            message: `is not in order: its certificate ${broken + 2} did not issue the one before it`,
            fix: 'put each certificate before the one that issued it',
          },
        ]
      : []),
    ...chain.flatMap((one, index) => dateFlaws(one, index, now)),
  ];
}

function dateFlaws({ validFrom, validTo }: X509Certificate, index: number, now: Date): readonly SecretFlaw[] {
  const [begins, ends] = [new Date(validFrom), new Date(validTo)];
  const which = index === 0 ? '' : `: its certificate ${index + 1}`;
  const fix = 'set a renewed one, then deploy';
  if (begins > now)
    return [
      {
        message: `is not valid before ${day(begins)}${which}`,
        fix: 'deploy after that date, or give another certificate',
      },
    ];
  if (ends <= now) return [{ message: `expired on ${day(ends)}${which}`, fix }];
  const left = (ends.getTime() - now.getTime()) / dayMs;
  return left < leastDays ? [{ message: `expires on ${day(ends)}, in less than ${leastDays} days${which}`, fix }] : [];
}

const day = (date: Date): string => date.toISOString().slice(0, 10);

function chainIn(text: string): readonly X509Certificate[] | undefined {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return undefined;
  }
}

function keyIn(text: string): KeyObject | undefined {
  try {
    return createPrivateKey(text);
  } catch {
    return undefined;
  }
}
