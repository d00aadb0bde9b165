/** Returns a function that creates a value at the first call and returns the same value afterwards */
export function once<Made>(make: () => Made): () => Made {
  const made = oncePer(make);
  return () => made('');
}

/** Returns a function that creates a value for each name once */
export function oncePer<Made>(make: (name: string) => Made): (name: string) => Made {
  const made = new Map<string, { value: Made }>();
  return (name) => {
    const found = made.get(name) ?? { value: make(name) };
    made.set(name, found);
    return found.value;
  };
}
