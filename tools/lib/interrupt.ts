const controller = new AbortController();

/** Aborted once the user interrupts the command (Ctrl-C); every program that `runLogged` started then ends. */
export const interrupted: AbortSignal = controller.signal;

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
    controller.abort(new Error('interrupted'));
    if (Date.now() - firstAt > 2000) process.exit(130);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
}
