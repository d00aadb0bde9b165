import type { Blueprint } from '../model/blueprint.ts';
import { certificateKeySecret, certificateSecret } from '../model/certificate.ts';
import { domainsOf } from '../model/edge.ts';
import { monitoringFlaws } from '../model/monitoring.ts';
import type { Problem } from '../model/problem.ts';
import { certificateFlaws } from './certificateFlaws.ts';
import { nearest } from './nearest.ts';
import { pathText } from './path.ts';
import type { Systems } from './schema.ts';
import { member } from './walk.ts';
import { meant } from './words.ts';

export interface NeededSecrets {
  /** Descriptions of the secrets, by name in `berth:secrets` */
  needed: ReadonlyMap<string, string>;
  /** Systems with invalid options and what they share, whose secrets are unknown: what stands before the slash */
  unclear: readonly string[];
}

/** Returns secrets that are needed and missing, each with the command that sets it */
export function missingSecrets(config: unknown, { needed }: NeededSecrets, stack: string): readonly Problem[] {
  const present = new Set(secretNames(config));
  return [...needed]
    .filter(([name]) => !present.has(name))
    .map(([name, what]) => ({ path: secretPath(name), message: `is missing: ${what}`, fix: settingLine(name, stack) }));
}

/** Returns secrets in plain text that do not have the required form; encrypted ones cannot be checked */
export function wrongSecrets(config: unknown, systems: Systems): readonly Problem[] {
  const secrets = member(config, 'berth:secrets');
  return Object.values(systems).flatMap(({ name: system, secretFlaws = {} }) =>
    Object.entries({ ...monitoringFlaws, ...secretFlaws }).flatMap(([secret, flawOf]) => {
      const name = `${system}/${secret}`;
      const text = member(secrets, name);
      const flaw = typeof text === 'string' && text !== '' ? flawOf(text) : undefined;
      return flaw
        ? [{ path: secretPath(name), allowed: 'one line per user, as printed by `htpasswd -nB`', ...flaw }]
        : [];
    }),
  );
}

/** Returns flaws of the environment's own certificates whose text is available: their names, keys and dates */
export function wrongCertificates(
  config: unknown,
  blueprints: readonly Blueprint[],
  stack: string,
  now: Date,
): readonly Problem[] {
  const secrets = member(config, 'berth:secrets');
  return blueprints.flatMap(({ system, roles }) => {
    const text = (name: string): string | undefined => {
      const value = member(secrets, `${system}/${name}`);
      return typeof value === 'string' ? value : undefined;
    };
    const names = Object.values(roles).flatMap(({ edge }) => (edge?.tls.kind === 'files' ? domainsOf(edge) : []));
    if (names.length === 0) return [];
    const pem = { certificate: text(certificateSecret), key: text(certificateKeySecret) };
    return certificateFlaws(pem, names, now).map(({ secret, flaw }) => ({
      path: secretPath(`${system}/${secret}`),
      ...flaw,
      fix: `${flaw.fix}: ${settingLine(`${system}/${secret}`, stack)} < <file>`,
    }));
  });
}

/** Returns secrets that nothing reads: misspelled, or left behind by a system */
export function unusedSecrets(config: unknown, { needed, unclear }: NeededSecrets, stack: string): readonly Problem[] {
  const present = secretNames(config);
  const missing = [...needed.keys()].filter((name) => !present.includes(name));
  return present
    .filter((name) => secretForm.test(name) && !needed.has(name) && !unclear.includes(name.split('/')[0] ?? ''))
    .map((name) => ({
      path: secretPath(name),
      message: 'is not used by any system of this environment',
      allowed: [...needed.keys()].join(', '),
      fix: `remove it: pulumi config rm --path '${secretPath(name)}' --stack ${stack}`,
      ...meant(nearest(name, missing)),
    }));
}

/** Name of a secret: system and name, or `deployKey` */
export const secretForm = /^(?:deployKey|[a-z][a-z0-9-]*\/[A-Za-z][A-Za-z0-9]*)$/;

export const deployKey = 'deployKey';
export const deployKeyMeaning = 'the private SSH key of this stack, with which deployments log in to its machines';

export const secretPath = (name: string): string => pathText(['berth:secrets', name]);

/** Returns the command that sets a secret of a stack, which it reads from standard input */
export function settingLine(name: string, stack: string): string {
  const set = `pulumi config set --secret --path '${secretPath(name)}' --stack ${stack}`;
  if (name !== deployKey) return set;
  return `ssh-keygen -q -t ed25519 -N '' -C berth-${stack} -f deploy_key && ${set} < deploy_key && rm deploy_key deploy_key.pub`;
}

/** Returns the names in `berth:secrets` */
export function secretNames(config: unknown): readonly string[] {
  const secrets = member(config, 'berth:secrets');
  return typeof secrets === 'object' && secrets !== null && !Array.isArray(secrets) ? Object.keys(secrets) : [];
}
