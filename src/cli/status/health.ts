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
 * browsers trust, unless the stack asks for one that they don't.
 * @param untrusted whether certificates come from the cloud's own authority, or from one that only rehearses
 */
export function siteHealth(
  answer: Answer,
  declared: string,
  { untrusted, now }: { untrusted: boolean; now: Date },
): SiteHealth {
  if (answer.kind === 'silence') return { healthy: false, problems: [answer.reason] };
  const answers = answer.status === 200 ? versionIn(answer.body) : undefined;
  const problems = [
    ...versionProblems(answer.status, answers, declared),
    ...(answer.certificate ? certificateProblems(answer.certificate, untrusted, now) : []),
  ];
  return { healthy: problems.length === 0, ...(answers !== undefined && { answers }), problems };
}

/**
 * What is wrong with a name that is to redirect to a site for good.
 * @param to where it leads what was asked
 */
export function redirectProblems(
  answer: Answer,
  to: URL,
  { untrusted, now }: { untrusted: boolean; now: Date },
): readonly string[] {
  if (answer.kind === 'silence') return [answer.reason];
  const { status, location = 'nowhere', certificate } = answer;
  const redirects = (status === 301 || status === 308) && location === to.href;
  return [
    ...(redirects ? [] : [`it answers ${status} and leads ${location}, not for good to ${to.href}`]),
    ...(certificate ? certificateProblems(certificate, untrusted, now) : []),
  ];
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

function certificateProblems(certificate: Certificate, untrusted: boolean, now: Date): readonly string[] {
  const { forSite, validUntil, trusted, issuer } = certificate;
  return [
    ...(forSite ? [] : [`its certificate is for another name, by ${issuer}`]),
    ...(validUntil < now ? [`its certificate ended on ${day(validUntil)}`] : []),
    ...(trusted || untrusted || !forSite || validUntil < now ? [] : [untrustedText(issuer)]),
  ];
}

const untrustedText = (issuer: string): string =>
  isTestAuthority(issuer)
    ? `its certificate is by a test authority, ${issuer}, and the stack asks for one that browsers trust (berth:authority)`
    : `nobody trusts its certificate, by ${issuer}`;

/** Let's Encrypt's staging directory, which environments that rehearse use */
export const isTestAuthority = (issuer: string): boolean => /\(STAGING\)|\bPebble\b/.test(issuer);

/** A date without its time, UTC */
export const day = (date: Date): string => date.toISOString().slice(0, 10);
