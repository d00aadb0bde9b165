import { setMaxListeners } from 'node:events';

const controller = new AbortController();
// One listener for each program that runs, and a dozen run side by side
setMaxListeners(0, controller.signal);
let byUser = false;

/** Aborted once everything is to end; each program that `runLogged` started then ends too. */
export const interrupted: AbortSignal = controller.signal;

/** Whether it was the user who asked to end. */
export function interruptedByUser(): boolean {
  return byUser;
}

/**
 * From now on Ctrl-C (and SIGTERM) aborts `interrupted` instead of ending this process at once, so that what runs can
 * end in order: an engine that is killed in the middle of an update leaves its state locked.
 */
export function catchInterrupt(): void {
  // npm passes on a SIGINT that the terminal has already sent to everybody, so a repetition within moments is no
  // second wish. A later one is: the user has lost patience.
  let firstAt: number | undefined;
  const interrupt = (): void => {
    firstAt ??= Date.now();
    byUser = true;
    controller.abort();
    if (Date.now() - firstAt > 2000) process.exit(130);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
}

/**
 * Gives what all tasks give. When one fails the others are ended and waited for, so that nothing runs on unseen.
 * @throws what failed first, of all that runs in this process: what was only ended because of it is no reason
 */
export async function together<T extends readonly unknown[]>(tasks: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  try {
    return await Promise.all(tasks);
  } catch (error) {
    controller.abort(error);
    await Promise.allSettled(tasks);
    throw byUser ? error : interrupted.reason;
  }
}
