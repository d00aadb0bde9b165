import { catchInterrupt, interruptedByUser } from './interrupt.ts';

/**
 * Runs a command's main function, which gives an exit code, and ends the process with it: with 1 after one clear
 * message and no stack trace when it throws, with 130 when the user interrupted it.
 */
export async function runCommand(main: () => Promise<number>): Promise<never> {
  catchInterrupt();
  try {
    const code = await main();
    process.exit(interruptedByUser() ? 130 : code);
  } catch (error) {
    if (interruptedByUser()) {
      console.error('interrupted: run the same command again to go on');
      process.exit(130);
    }
    console.error(`\n${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
}
