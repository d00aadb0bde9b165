/** What is made when it is first asked for, and then is the same */
export function once<Made>(make: () => Made): () => Made {
  const made = oncePer(make);
  return () => made('');
}

/** The same for each name */
export function oncePer<Made>(make: (name: string) => Made): (name: string) => Made {
  const made = new Map<string, { value: Made }>();
  return (name) => {
    const found = made.get(name) ?? { value: make(name) };
    made.set(name, found);
    return found.value;
  };
}
