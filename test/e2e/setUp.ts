import { join } from 'node:path';
import { wantedIn } from '../../src/cli/local/wanted.ts';
import { prepareComputer } from '../../src/clouds/local/setUp/prepare.ts';
import { checkout } from '../../src/paths.ts';
import { runMain } from '../../src/process/command.ts';
import { createProgress } from '../../src/process/progress.ts';

// Prepares a stack as `npm run local` does. It is a separate process, since a failed set-up ends its process.
// Arguments: name and folder of the stack
const [stack = '', folder = ''] = process.argv.slice(2);

void runMain(async () => {
  const place = { stack, folder, project: checkout };
  const committed = join(folder, 'environment.yaml');
  await prepareComputer(place, createProgress(join(folder, 'logs')), committed, wantedIn(committed, stack));
  return 0;
});
