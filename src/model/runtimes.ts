/** Versions of the languages that build and run a commit */
export interface Runtimes {
  /** A full version of Python, such as `3.8.9`, or its first two numbers. @default Debian's */
  python?: string;
  /** A full version of Node, such as `22.12.0`, or its first number. @default Debian's */
  node?: string;
  /** URL of a folder that holds both in place of nodejs.org and GitHub. @default theirs */
  mirror?: string;
}

/** One of them, as a machine gets it */
export interface Runtime {
  language: 'python' | 'node';
  version: string;
  /** Of Node the folder of its versions; of Python the list of versions, empty for the list that uv brings */
  origin: string;
}

export function runtimesOf({ python, node, mirror }: Runtimes = {}): readonly Runtime[] {
  return [
    ...(python
      ? [{ language: 'python', version: python, origin: mirror ? `${mirror}/python.json` : '' } as const]
      : []),
    ...(node ? [{ language: 'node', version: node, origin: mirror ? `${mirror}/node` : nodeVersions } as const] : []),
  ];
}

const nodeVersions = 'https://nodejs.org/dist';
