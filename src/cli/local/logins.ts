import { systems } from 'berth:systems';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { madePassword } from '../../clouds/local/setUp/madeSecrets.ts';
import { clouds } from '../../clouds/registry.ts';
import { findProject, readEnvironmentFile } from '../../config/file.ts';
import { loadEnvironment } from '../../config/load.ts';
import { secretFormOf } from '../../config/secretForms.ts';
import { secretNames } from '../../config/secrets.ts';
import type { Blueprint } from '../../model/blueprint.ts';
import { type Edge, httpsPortOf, type Route } from '../../model/edge.ts';
import { needsOf } from '../../model/value.ts';
import { type Place, passphraseOf, placeIn, stackFile } from '../../pulumi/place.ts';
import { localStack } from './localStack.ts';

/** A page of a local stack that asks for a name and a password */
export interface Login {
  system: string;
  url: string;
  user: string;
  password: string;
}

/**
 * Returns the logins of a local stack's pages, with passwords that berth made up
 * @param given names of secrets that have a value of their own in the environment file
 */
export function loginsIn(blueprints: readonly Blueprint[], given: readonly string[], passphrase: string): Login[] {
  return blueprints.flatMap(({ system, roles }) =>
    Object.values(roles).flatMap(({ edge, services }) =>
      (edge?.routes ?? []).flatMap((route) => {
        const names = namesFor(
          route,
          services.find(({ name }) => name === route.service),
        ).filter((name) => !given.includes(`${system}/${name}`));
        return names.flatMap((name) => {
          const user = userOf(`${system}/${name}`, route);
          if (user === undefined || !edge) return [];
          return [{ system, url: urlOf(route, edge), user, password: madePassword(passphrase, `${system}/${name}`) }];
        });
      }),
    ),
  );
}

/**
 * Prints the logins of the local stack
 * @returns the exit code
 */
export async function printLogins(): Promise<number> {
  const place = placeIn(findProject(process.cwd()), localStack);
  if (!existsSync(stackFile(place))) throw new Error('nothing is set up on this computer yet: run npx berth local');
  const logins = await loginsOfStack(place);
  console.log(logins.length === 0 ? 'no page of this stack asks for a login' : loginLines(logins).join('\n'));
  return 0;
}

/** Returns the logins of the local stack, as it was last set up */
export async function loginsOfStack(place: Place): Promise<Login[]> {
  const { project } = place;
  const { config } = readEnvironmentFile(join(project, `Pulumi.${localStack}.yaml`), localStack);
  const input = readEnvironmentFile(stackFile(place), localStack);
  const { blueprints } = loadEnvironment(input, systems, clouds, { secrets: 'names' });
  return loginsIn(blueprints, secretNames(config), await passphraseOf(place));
}

/** Secrets of a route: those of its users and of its service */
const namesFor = ({ users }: Route, service: unknown): readonly string[] => [
  ...new Set(needsOf([users, service]).secrets),
];

/** Returns the user who logs in at a route with a secret; undefined where nobody does */
function userOf(secret: string, { users, service }: Route): string | undefined {
  const form = secretFormOf(systems, secret);
  if (form.kind === 'users')
    return needsOf(users).secrets.some((name) => secret.endsWith(`/${name}`)) ? form.user : undefined;
  return form.kind === 'password' && form.login?.service === service ? form.login.user : undefined;
}

function urlOf({ domain = 'localhost', prefix }: Route, { tls }: Edge): string {
  const port = httpsPortOf(tls) ?? 443;
  return `https://${domain}${port === 443 ? '' : `:${port}`}${prefix === '/' ? '' : prefix}`;
}

/** Returns the logins as lines of a text */
export function loginLines(logins: readonly Login[]): string[] {
  const [url, user] = [({ url }: Login) => url, ({ user }: Login) => user].map((of) =>
    Math.max(0, ...logins.map((login) => of(login).length)),
  );
  return logins.map((login) => `  ${login.url.padEnd(url ?? 0)}   ${login.user.padEnd(user ?? 0)}   ${login.password}`);
}
