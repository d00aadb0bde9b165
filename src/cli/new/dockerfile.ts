import { interpolated, unknownIn } from './compose/variables.ts';

/** What a Dockerfile says of a container of its image; that of its last stage */
export interface DockerfileFacts {
  port?: number;
  user?: string;
  /** Words of its health check; a shell's are `sh -c …` */
  health?: readonly string[];
  stopSignal?: string;
}

/** Reads a Dockerfile: EXPOSE, USER, HEALTHCHECK, STOPSIGNAL, with ARG and ENV that have values in it */
export function dockerfileFacts(text: string): DockerfileFacts {
  let facts: DockerfileFacts = {};
  const variables: Record<string, string> = {};
  for (const line of text
    .replace(/^[ \t]*#.*\n/gm, '')
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/)) {
    const [, word = '', rest = ''] = /^\s*([A-Za-z]+)\s+(.*?)\s*$/.exec(line) ?? [];
    const value = () => interpolated(rest, variables);
    switch (word.toUpperCase()) {
      case 'FROM':
        facts = {};
        break;
      case 'ARG':
      case 'ENV':
        Object.assign(variables, assignments(rest, word));
        break;
      case 'EXPOSE': {
        const port = Number.parseInt(value(), 10);
        if (Number.isInteger(port) && facts.port === undefined) facts = { ...facts, port };
        break;
      }
      case 'USER': {
        const user = value();
        if (unknownIn(user).length === 0) facts = { ...facts, user };
        break;
      }
      case 'STOPSIGNAL':
        facts = { ...facts, stopSignal: value() };
        break;
      case 'HEALTHCHECK':
        facts = withHealth(facts, rest);
        break;
    }
  }
  return facts;
}

function assignments(rest: string, word: string): Readonly<Record<string, string>> {
  const pairs = [...rest.matchAll(/([A-Za-z_]\w*)=("[^"]*"|'[^']*'|\S*)/g)].map(
    ([, name = '', value = '']) => [name, value.replace(/^(["'])(.*)\1$/, '$2')] as const,
  );
  if (pairs.length > 0 || word.toUpperCase() === 'ARG') return Object.fromEntries(pairs);
  const [, name = '', value = ''] = /^(\w+)\s+(.*)$/.exec(rest) ?? [];
  return name === '' ? {} : { [name]: value };
}

function withHealth({ health: _, ...facts }: DockerfileFacts, rest: string): DockerfileFacts {
  const [, command] = /\bCMD\s+(.*)$/i.exec(rest) ?? [];
  if (command === undefined) return facts;
  try {
    const words: unknown = JSON.parse(command);
    if (Array.isArray(words)) return { ...facts, health: words.map(String) };
  } catch {
    // Not a list: a shell's
  }
  return { ...facts, health: ['sh', '-c', command] };
}
