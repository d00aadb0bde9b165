import { checkout } from '../../src/paths.ts';
import { runLogged } from '../../src/process/stage.ts';
import { stackExists } from '../../src/pulumi/place.ts';
import type { Measure } from '../../tools/lib/figures.ts';
import { localPlace } from '../../tools/lib/localPlace.ts';
import { figure, repeated, secondsOf } from './samples.ts';

/** `npm run local` where nothing has changed since the last run; a stack that was not there is taken down again */
export const measure: Measure = async ({ log }) => {
  const local = (...words: string[]) =>
    runLogged('npm', ['run', '--silent', 'local', '--', ...words], { cwd: checkout, log });
  const wasThere = stackExists(localPlace);
  await local();
  try {
    return [figure('npm run local, nothing changed', await repeated(3, () => secondsOf(() => local())), 's', 20)];
  } finally {
    if (!wasThere) await local('--down');
  }
};
