/** Returns a function that runs tasks in the order of the calls, at most `atOnce` at a time */
export function limit(atOnce: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      // The slot passes directly to the next waiting task, so that a later call cannot take it
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
