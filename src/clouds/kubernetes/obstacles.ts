import type { Blueprint } from '../../model/blueprint.ts';
import type { Environment } from '../../model/environment.ts';
import type { Problem } from '../../model/problem.ts';
import type { ClusterCloud } from '../cloud.ts';
import { loginFrom } from './access.ts';
import { asking } from './api.ts';
import type { ClusterLogin } from './kubeconfig.ts';
import { clusterProblems } from './lacks.ts';
import { at, settingsOf } from './settings.ts';

/** Reads the cluster before anything is made of it: everything that it lacks is told at once */
export const obstacles: ClusterCloud['obstacles'] = async (environment, blueprints, secrets) => {
  // A cluster that the stack makes may not be there yet
  if (settingsOf(environment.clouds.kubernetes).managed) return [];
  const login = loginFrom(environment, secrets);
  if (login === 'program') return [];
  if ('message' in login) return [login];
  return await read(login, environment, blueprints);
};

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
