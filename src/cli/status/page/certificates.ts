import type { PageData } from './data.ts';
import { known } from './history.ts';

/** A certificate that visitors see */
export interface SeenCertificate {
  system: string;
  name: string;
  /** Empty where only Prometheus has seen it */
  issuer: string;
  until: Date;
  /** Whole days from now; less than 0 once it has expired */
  days: number;
}

const dayMilliseconds = 86_400_000;

/** Returns the certificates of all sites, by this computer's own request or by Prometheus', the soonest to expire first */
export function certificatesOf({ report, monitoring, madeAt }: PageData): readonly SeenCertificate[] {
  const found = Object.entries(report.systems).flatMap(([system, { url, certificate }]) => {
    const own = new URL(url).hostname;
    const told = monitoring[system];
    const ends = told?.kind === 'told' ? told.history.certificateEnds : {};
    const others = Object.entries(ends).flatMap(([name, series]) => {
      const end = known(series).at(-1);
      return end === undefined || (name === own && certificate)
        ? []
        : [{ system, name, issuer: '', until: new Date(end * 1000) }];
    });
    const { issuer = '', validUntil } = certificate ?? {};
    return [
      ...(validUntil === undefined ? [] : [{ system, name: own, issuer, until: new Date(validUntil) }]),
      ...others,
    ];
  });
  return found
    .map((one) => ({ ...one, days: Math.floor((one.until.getTime() - madeAt.getTime()) / dayMilliseconds) }))
    .sort((a, b) => a.days - b.days || a.name.localeCompare(b.name));
}
