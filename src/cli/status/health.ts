import type { Answer, Certificate } from './ask.ts';

/** A system as it is seen from here */
export interface SiteHealth {
  healthy: boolean;
  /** Which version answers */
  answers?: string;
  /** What is wrong, in the order of weight */
  problems: readonly string[];
}

/**
 * Whether a site serves what was declared: 200, the declared version, a certificate of its name that is in date and that
 * browsers trust. A certificate of a test authority is trusted nowhere, which is as it should be.
 * @param privateAuthority the cloud has a certificate authority of its own
 */
export function siteHealth(
  answer: Answer,
  declared: string,
  { privateAuthority, now }: { privateAuthority: boolean; now: Date },
): SiteHealth {
  if (answer.kind === 'silence') return { healthy: false, problems: [answer.reason] };
  const answers = answer.status === 200 ? versionIn(answer.body) : undefined;
  const problems = [
    ...versionProblems(answer.status, answers, declared),
    ...(answer.certificate ? certificateProblems(answer.certificate, privateAuthority, now) : []),
  ];
  return { healthy: problems.length === 0, ...(answers !== undefined && { answers }), problems };
}

/** The version in an answer's body, plain or in JSON's quotes */
export function versionIn(body: string): string | undefined {
  return /^\s*("?)(\w[\w.+-]{0,99})\1\s*$/.exec(body)?.[2];
}

function versionProblems(status: number, answers: string | undefined, declared: string): readonly string[] {
  if (status !== 200) return [`it answers ${status}`];
  if (answers === undefined) return ['it answers something that is not a version'];
  return answers === declared ? [] : [`${answers} answers, ${declared} is declared`];
}

function certificateProblems(certificate: Certificate, privateAuthority: boolean, now: Date): readonly string[] {
  const { forSite, validUntil, trusted, issuer } = certificate;
  const expected = privateAuthority || isTestAuthority(issuer);
  return [
    ...(forSite ? [] : [`its certificate is for another name, by ${issuer}`]),
    ...(validUntil < now ? [`its certificate ended on ${day(validUntil)}`] : []),
    ...(trusted || expected || !forSite || validUntil < now ? [] : [`nobody trusts its certificate, by ${issuer}`]),
  ];
}

/** Let's Encrypt's staging directory, which environments that rehearse use */
export const isTestAuthority = (issuer: string): boolean => /\(STAGING\)|\bPebble\b/.test(issuer);

/** A date without its time, UTC */
export const day = (date: Date): string => date.toISOString().slice(0, 10);
