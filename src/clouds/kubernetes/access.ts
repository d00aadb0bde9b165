import type { ClusterAccess } from '../../model/clusterAccess.ts';
import type { Environment } from '../../model/environment.ts';
import type { Problem } from '../../model/problem.ts';
import { accessOf } from './api.ts';
import { type ClusterLogin, endOf, loginOf, podLogin } from './kubeconfig.ts';
import { at, settingsOf } from './settings.ts';

/** Key of the kubeconfig of a cluster that the stack has made, which is an output of its systems */
const madeKubeconfig = 'kubeconfig';

/**
 * Returns the login of an environment's cluster, or `program` where it logs in by a program of its own
 * @returns a problem where the kubeconfig is none or has ended
 */
export function loginFrom(
  environment: Environment,
  secrets: Readonly<Record<string, string>>,
): ClusterLogin | 'program' | Problem {
  const { kubeconfig, managed, context } = settingsOf(environment.clouds.kubernetes);
  const wrong = (message: string, fix: string): Problem => ({ path: at('kubeconfig'), message, fix });
  if (!managed && kubeconfig === 'in-cluster')
    return podLogin() ?? wrong('is in-cluster, and this is no pod', 'name the secret with a kubeconfig');
  const own = managed || kubeconfig === 'in-cluster' ? madeKubeconfig : kubeconfig.secret;
  const text = secrets[own] ?? '';
  try {
    const login = loginOf(text, context);
    if (login === 'program') return login;
    const end = endOf(login);
    return end !== undefined && end.getTime() < Date.now()
      ? wrong(
          `has a certificate that ended on ${end.toISOString().slice(0, 10)}`,
          'have the cluster give a new kubeconfig',
        )
      : login;
  } catch (error) {
    return wrong((error as Error).message, "set the secret to the cluster's kubeconfig, with its certificates in it");
  }
}

/**
 * Returns how commands ask the cluster of an environment
 * @param secrets the cloud's own, in plain text
 * @throws where the kubeconfig is none, has ended, or logs in by a program
 */
export function clusterAccess(environment: Environment, secrets: Readonly<Record<string, string>>): ClusterAccess {
  const login = loginFrom(environment, secrets);
  if (login === 'program')
    throw new Error(
      `${at('kubeconfig')} logs in by a program (exec), which this command does not run: use kubectl, or a kubeconfig with a token or a certificate`,
    );
  if ('message' in login) throw new Error(`${login.path} ${login.message}: ${login.fix}`);
  return accessOf(login);
}
