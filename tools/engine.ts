import { runMain } from '../src/process/command.ts';
import { findEngine } from '../src/pulumi/engine.ts';

// Whatever runs the engine finds it by itself; a workflow has it made ready in a step of its own, whose time is seen.
void runMain(async () => {
  const { origin } = await findEngine(console.log);
  console.log(`engine: ${origin}`);
  return 0;
});
