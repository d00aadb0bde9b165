import type { Answer, Certificate } from './ask.ts';

/** Health of a site as seen from this computer */
export interface SiteHealth {
  healthy: boolean;
  /** Version in the site's answer */
  answers?: string;
  /** Problems, the most important first */
  problems: readonly string[];
}

/** Certificate authorities that a stack accepts */
export interface Trust {
  /** `anyone`: any authority, for clouds with their own; `rehearsal`: the staging authority as well as trusted ones */
  by: 'browsers' | 'rehearsal' | 'anyone';
  now: Date;
}

/**
 * Returns whether a site serves the declared version: status 200, or any of 200 to 299 where it tells no version, and a current certificate for its name from an
 * authority that browsers trust or that the stack asks for
 * @param declared undefined where the site tells no version
 */
export function siteHealth(answer: Answer, declared: string | undefined, trust: Trust): SiteHealth {
  if (answer.kind === 'silence') return { healthy: false, problems: [answer.reason] };
  const answers = answer.status === 200 && declared !== undefined ? versionIn(answer.body) : undefined;
  const problems = [
    ...versionProblems(answer.status, answers, declared),
    ...(answer.certificate ? certificateProblems(answer.certificate, trust) : []),
  ];
  return { healthy: problems.length === 0, ...(answers !== undefined && { answers }), problems };
}

/**
 * Returns the problems of a name that should redirect permanently to a site
 * @param to expected target of the redirect
 */
export function redirectProblems(answer: Answer, to: URL, trust: Trust): readonly string[] {
  if (answer.kind === 'silence') return [answer.reason];
  const { status, location = 'nothing', certificate } = answer;
  const redirects = (status === 301 || status === 308) && location === to.href;
  return [
    ...(redirects ? [] : [`it answers ${status} and redirects to ${location}, instead of permanently to ${to.href}`]),
    ...(certificate ? certificateProblems(certificate, trust) : []),
  ];
}

/** Returns the version in a body, which may be plain or a JSON string */
export function versionIn(body: string): string | undefined {
  return /^\s*("?)(\w[\w.+-]{0,99})\1\s*$/.exec(body)?.[2];
}

function versionProblems(status: number, answers: string | undefined, declared: string | undefined): readonly string[] {
  if (declared === undefined) return status >= 200 && status < 300 ? [] : [`it answers ${status}`];
  if (status !== 200) return [`it answers ${status}`];
  if (answers === undefined) return ['its answer is not a version'];
  return answers === declared ? [] : [`${answers} answers, ${declared} is declared`];
}

function certificateProblems(certificate: Certificate, { by, now }: Trust): readonly string[] {
  const { forSite, validUntil, issuer } = certificate;
  return [
    ...(forSite ? [] : [`its certificate is for another name, issuer ${issuer}`]),
    ...(validUntil < now ? [`its certificate expired on ${day(validUntil)}`] : []),
    ...(isRight(certificate, by) || !forSite || validUntil < now ? [] : [untrustedText(issuer, by)]),
  ];
}

function isRight({ trusted, rehearses = false }: Certificate, by: Trust['by']): boolean {
  return trusted || by === 'anyone' || (by === 'rehearsal' && rehearses);
}

const untrustedText = (issuer: string, by: Trust['by']): string =>
  by === 'browsers' && isTestAuthority(issuer)
    ? `its certificate is from a test authority,  ${issuer}, and the stack asks for one that browsers trust (berth:authority)`
    : `its certificate is not trusted, issuer ${issuer}${by === 'rehearsal' ? ", which is not Let's Encrypt's staging authority" : ''}`;

/** Whether an issuer is a test authority: Let's Encrypt's staging directory or Pebble */
export const isTestAuthority = (issuer: string): boolean => /\(STAGING\)|\bPebble\b/.test(issuer);

/** Returns a date without time, UTC */
export const day = (date: Date): string => date.toISOString().slice(0, 10);
