import type { Blueprint } from '../../model/blueprint.ts';
import type { Environment } from '../../model/environment.ts';
import type { Problem } from '../../model/problem.ts';
import type { ClusterCloud } from '../cloud.ts';
import { asking } from './api.ts';
import { type ClusterLogin, endOf, loginOf, podLogin } from './kubeconfig.ts';
import { clusterProblems } from './lacks.ts';
import { at, settingsOf } from './settings.ts';

/** Reads the cluster before anything is made of it: everything that it lacks is told at once */
export const obstacles: ClusterCloud['obstacles'] = async (environment, blueprints, secrets) => {
  const login = loginFrom(environment, secrets);
  if (login === 'program') return [];
  if ('message' in login) return [login];
  return await read(login, environment, blueprints);
};

function loginFrom(
  environment: Environment,
  secrets: Readonly<Record<string, string>>,
): ClusterLogin | 'program' | Problem {
  const { kubeconfig, context } = settingsOf(environment.clouds.kubernetes);
  const wrong = (message: string, fix: string): Problem => ({ path: at('kubeconfig'), message, fix });
  if (kubeconfig === 'in-cluster')
    return podLogin() ?? wrong('is in-cluster, and this is no pod', 'name the secret with a kubeconfig');
  const text = secrets[kubeconfig.secret] ?? '';
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

async function read(
  login: ClusterLogin,
  environment: Environment,
  blueprints: readonly Blueprint[],
): Promise<readonly Problem[]> {
  const ask = asking(login);
  const { host } = new URL(login.server);
  const silent = (error: Error): Problem => ({
    path: at('kubeconfig'),
    message: `leads to ${host}, which does not answer as the cluster that it names: ${error.message}`,
    fix: 'check that the cluster runs, that this computer may reach it, and that the kubeconfig is its own',
  });
  try {
    const { status } = await ask('/apis');
    if (status === 401 || status === 403)
      return [
        {
          path: at('kubeconfig'),
          message: `is refused by ${host}: its login is unknown or has ended`,
          fix: 'have the cluster give a new kubeconfig',
        },
      ];
    return await clusterProblems(ask, environment, blueprints);
  } catch (error) {
    return [silent(error as Error)];
  }
}
