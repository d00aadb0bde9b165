import { z } from 'zod';
import { guided, textField } from './guide.ts';

const nodeVersion = textField({
  noun: 'a version of Node',
  description: 'A version of Node.',
  examples: ['22.12.0'],
  allowed: 'a full version (22.12.0), or its first number (22)',
  pattern: /^\d+(?:\.\d+\.\d+)?$/,
});

/** Options for the versions of the languages that build and run a commit; `runtimes` of a source takes them */
export const runtimeOptions = {
  python: textField({
    noun: 'a version of Python',
    description:
      "The version of Python that builds and runs a commit: Debian's own where it is that one, else one that uv fetches. @default Debian's",
    examples: ['3.8.9'],
    allowed: "a full version (3.8.9), or its first two numbers in quotes ('3.12')",
    pattern: /^3\.\d+(?:\.\d+)?$/,
  }).exactOptional(),
  node: guided(
    z
      .union([z.int().min(1), nodeVersion])
      .describe(
        "The version of Node that builds and runs a commit: Debian's own where it is that one, else nodejs.org's. @default Debian's",
      ),
    { allowed: 'a full version (22.12.0), or its first number (22)' },
  ).exactOptional(),
  runtimeMirror: textField({
    noun: 'the address of a mirror',
    description:
      'Where Python and Node are fetched in place of GitHub and nodejs.org: a folder with `node/v22.12.0/…`, as nodejs.org/dist has it, and `python.json`, a list of interpreters as uv has it (--python-downloads-json-url). @default GitHub and nodejs.org',
    examples: ['https://mirror.example.org/runtimes'],
    allowed: 'https://… without a slash at the end',
    pattern: /^https:\/\/[a-z0-9.-]+(?::\d+)?(?:\/[\w.~-]+)*$/,
  }).exactOptional(),
};
