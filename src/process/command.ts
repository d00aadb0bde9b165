import { catchInterrupt, interruptedByUser } from './interrupt.ts';

/**
 * Runs a command's main function and ends the process with the exit code that it returns. If it throws, prints the
 * message without a stack trace and exits with 1; after the user's interrupt, exits with 130.
 */
export async function runMain(main: () => Promise<number>): Promise<never> {
  catchInterrupt();
  try {
    const code = await main();
    process.exit(interruptedByUser() ? 130 : code);
  } catch (error) {
    if (interruptedByUser()) {
      console.error('interrupted: run the same command again to continue');
      process.exit(130);
    }
    console.error(`\n${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
}
