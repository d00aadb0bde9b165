import type { Answer, Certificate } from './ask.ts';

/** A system as it is seen from here */
export interface SiteHealth {
  healthy: boolean;
  /** Which version answers */
  answers?: string;
  /** What is wrong, in the order of weight */
  problems: readonly string[];
}

/** Whose certificates are right for a stack */
export interface Trust {
  /** `anyone`: the cloud's own authority is nobody's acquaintance; `rehearsal`: that which only rehearses is right too */
  by: 'browsers' | 'rehearsal' | 'anyone';
  now: Date;
}

/**
 * Whether a site serves what was declared: 200, the declared version, a certificate of its name that is in date and that
 * browsers trust, unless the stack asks for one that they don't.
 */
export function siteHealth(answer: Answer, declared: string, trust: Trust): SiteHealth {
  if (answer.kind === 'silence') return { healthy: false, problems: [answer.reason] };
  const answers = answer.status === 200 ? versionIn(answer.body) : undefined;
  const problems = [
    ...versionProblems(answer.status, answers, declared),
    ...(answer.certificate ? certificateProblems(answer.certificate, trust) : []),
  ];
  return { healthy: problems.length === 0, ...(answers !== undefined && { answers }), problems };
}

/**
 * What is wrong with a name that is to redirect to a site for good.
 * @param to where it leads what was asked
 */
export function redirectProblems(answer: Answer, to: URL, trust: Trust): readonly string[] {
  if (answer.kind === 'silence') return [answer.reason];
  const { status, location = 'nowhere', certificate } = answer;
  const redirects = (status === 301 || status === 308) && location === to.href;
  return [
    ...(redirects ? [] : [`it answers ${status} and leads ${location}, not for good to ${to.href}`]),
    ...(certificate ? certificateProblems(certificate, trust) : []),
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

function certificateProblems(certificate: Certificate, { by, now }: Trust): readonly string[] {
  const { forSite, validUntil, issuer } = certificate;
  return [
    ...(forSite ? [] : [`its certificate is for another name, by ${issuer}`]),
    ...(validUntil < now ? [`its certificate ended on ${day(validUntil)}`] : []),
    ...(isRight(certificate, by) || !forSite || validUntil < now ? [] : [untrustedText(issuer, by)]),
  ];
}

function isRight({ trusted, rehearses = false }: Certificate, by: Trust['by']): boolean {
  return trusted || by === 'anyone' || (by === 'rehearsal' && rehearses);
}

const untrustedText = (issuer: string, by: Trust['by']): string =>
  by === 'browsers' && isTestAuthority(issuer)
    ? `its certificate is by a test authority, ${issuer}, and the stack asks for one that browsers trust (berth:authority)`
    : `nobody trusts its certificate, by ${issuer}${by === 'rehearsal' ? ", which Let's Encrypt's staging authority did not give" : ''}`;

/** Let's Encrypt's staging directory, which environments that rehearse use */
export const isTestAuthority = (issuer: string): boolean => /\(STAGING\)|\bPebble\b/.test(issuer);

/** A date without its time, UTC */
export const day = (date: Date): string => date.toISOString().slice(0, 10);
