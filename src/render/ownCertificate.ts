import type { EdgeTls } from '../model/edge.ts';
import { resolve } from '../model/value.ts';
import { shortHash } from './hash.ts';
import type { MachineInput } from './machine.ts';
import { configFolder } from './paths.ts';

/** A certificate of one's own and its key as the edge reads them; another one has another folder, so that a switch takes it up */
export interface OwnCertificate {
  /** Names its folder */
  hash: string;
  folder: string;
  certificate: string;
  key: string;
  /** Path → text, for the edge alone */
  files: Readonly<Record<string, string>>;
}

/** Where such certificates lie, each in a folder of its own */
export const ownCertificates = (system: string): string => configFolder(system, 'certificate');

/** None where an authority gives it, or where the edge has none */
export function ownCertificate(tls: EdgeTls, { blueprint, facts, secrets }: MachineInput): OwnCertificate | undefined {
  if (tls.kind !== 'files') return undefined;
  const [chain, secretKey] = [tls.certificate, tls.key].map((value) => `${resolve(value, facts, secrets).trim()}\n`);
  const hash = shortHash(JSON.stringify([chain, secretKey]));
  const folder = `${ownCertificates(blueprint.system)}/${hash}`;
  const [certificate, key] = [`${folder}/fullchain.pem`, `${folder}/privkey.pem`];
  return { hash, folder, certificate, key, files: { [certificate]: chain ?? '', [key]: secretKey ?? '' } };
}
