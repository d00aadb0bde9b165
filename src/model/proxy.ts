/** How machines reach what is outside, where they can't by themselves */
export interface ForwardProxy {
  /** http://host:port */
  url: string;
  /** Names, domains with a dot before them and networks that are asked without it */
  exceptFor: readonly string[];
  /** PEM of the authorities that machines trust beside those that they know */
  authority?: string;
}

/** Each certificate of a PEM text by itself */
export const certificateTexts = (pem: string): readonly string[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []).map((text) => `${text}\n`);
