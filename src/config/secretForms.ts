import { certificateKeySecret, certificateSecret } from '../model/certificate.ts';
import { monitoringForms } from '../model/monitoring.ts';
import type { SecretForm, SecretForms } from '../model/secretForm.ts';
import type { Systems } from './schema.ts';
import { deployKey } from './secrets.ts';

/** Forms of secrets that options of any system need */
const common: SecretForms = {
  ...monitoringForms,
  [certificateSecret]: { kind: 'given' },
  [certificateKeySecret]: { kind: 'given' },
  backupsKey: { kind: 'given' },
};

/**
 * Returns the form of a secret
 * @param name as in `berth:secrets`; passwords of registries and the deploy key are given
 */
export function secretFormOf(systems: Systems, name: string): SecretForm {
  const [owner = '', own = ''] = name.split('/');
  const system = systems[owner];
  if (name === deployKey || system === undefined) return { kind: 'given' };
  return system.secretForms?.[own] ?? common[own] ?? { kind: 'password' };
}
