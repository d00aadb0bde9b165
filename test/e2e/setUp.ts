import { join } from 'node:path';
import { runCommand } from '../../tools/lib/command.ts';
import { checkout } from '../../tools/lib/paths.ts';
import { prepare } from '../../tools/lib/prepare.ts';
import { createProgress } from '../../tools/lib/progress.ts';
import { wantedIn } from '../../tools/lib/wanted.ts';

// Prepares a stack as `npm run local` does, in a process of its own: a set-up that fails ends all that its process runs.
// Arguments: the stack, its folder
const [stack = '', folder = ''] = process.argv.slice(2);

void runCommand(async () => {
  const place = { stack, folder, project: checkout };
  const committed = join(folder, 'environment.yaml');
  await prepare(place, createProgress(join(folder, 'logs')), committed, {}, wantedIn(committed, stack));
  return 0;
});
