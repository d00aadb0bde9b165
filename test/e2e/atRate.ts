/** Begins something so many times a second, whether or not what began before has ended, until it is stopped */
export function atRate(perSecond: number, one: (number: number) => Promise<void>) {
  const open = new Set<Promise<void>>();
  let begun = 0;
  const timer = setInterval(() => {
    const running = one(begun++).finally(() => open.delete(running));
    open.add(running);
  }, 1000 / perSecond);
  return {
    /** Begins no more and waits for the last; gives how many there were */
    async stop(): Promise<number> {
      clearInterval(timer);
      await Promise.all(open);
      return begun;
    },
  };
}
