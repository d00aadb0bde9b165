/** HTTP proxy for outgoing connections of machines */
export interface ForwardProxy {
  /** Form: http://host:port */
  url: string;
  /** Host names, domains with a leading dot, and networks that are reached without the proxy */
  exceptFor: readonly string[];
  /** PEM certificates of authorities that machines trust in addition to Debian's */
  authority?: string;
}

/** Splits a PEM text into its certificates */
export const certificateTexts = (pem: string): readonly string[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []).map((text) => `${text}\n`);
