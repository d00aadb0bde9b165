import type { EdgeTls } from '../model/edge.ts';
import { resolve } from '../model/value.ts';
import { shortHash } from './hash.ts';
import type { MachineInput } from './machine.ts';
import { configFolder } from './paths.ts';

/**
 * A certificate from secrets and its key. Each certificate has its own folder, so that a switch activates a new one.
 */
export interface OwnCertificate {
  /** Name of its folder */
  hash: string;
  folder: string;
  certificate: string;
  key: string;
  /** Text by path; readable only by the edge */
  files: Readonly<Record<string, string>>;
}

/** Folder of all certificates from secrets, each in a subfolder */
export const ownCertificates = (system: string): string => configFolder(system, 'certificate');

/** Returns the certificate; undefined where an authority issues it or the edge has none */
export function ownCertificate(
  tls: EdgeTls,
  { blueprint, facts, secrets }: Pick<MachineInput, 'blueprint' | 'facts' | 'secrets'>,
): OwnCertificate | undefined {
  if (tls.kind !== 'files') return undefined;
  const [chain, secretKey] = [tls.certificate, tls.key].map((value) => `${resolve(value, facts, secrets).trim()}\n`);
  const hash = shortHash(JSON.stringify([chain, secretKey]));
  const folder = `${ownCertificates(blueprint.system)}/${hash}`;
  const [certificate, key] = [`${folder}/fullchain.pem`, `${folder}/privkey.pem`];
  return { hash, folder, certificate, key, files: { [certificate]: chain ?? '', [key]: secretKey ?? '' } };
}
