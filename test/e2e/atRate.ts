/** Starts an action at a fixed rate until stopped, whether or not earlier ones have ended */
export function atRate(perSecond: number, one: (number: number) => Promise<void>) {
  const open = new Set<Promise<void>>();
  let begun = 0;
  const timer = setInterval(() => {
    const running = one(begun++).finally(() => open.delete(running));
    open.add(running);
  }, 1000 / perSecond);
  return {
    /** Starts no more, waits for those still running, and returns the number started */
    async stop(): Promise<number> {
      clearInterval(timer);
      await Promise.all(open);
      return begun;
    },
  };
}
