import { setMaxListeners } from 'node:events';

const controller = new AbortController();
// One listener for each running program, and about a dozen run in parallel
setMaxListeners(0, controller.signal);
let byUser = false;

/** Aborted when everything should end; programs that `runLogged` has started end as well */
export const interrupted: AbortSignal = controller.signal;

/** Returns whether the user interrupted */
export function interruptedByUser(): boolean {
  return byUser;
}

/**
 * Makes Ctrl-C and SIGTERM abort `interrupted` instead of ending the process immediately, so that programs can end in
 * order: an engine that is killed during an update leaves its state locked
 */
export function catchInterrupt(): void {
  // npm repeats the SIGINT that the terminal has sent to all processes, so only a signal after more than 2 s counts as
  // the user's second one, which ends the process
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
 * Returns the results of all tasks. If one fails, the others are aborted and awaited, so that none keeps running
 * unnoticed.
 * @throws the first error in this process, not errors of tasks that were aborted because of it
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
