import { checkbox, input, select } from '@inquirer/prompts';
import type { NewOptions } from './create.ts';

/** Asks for what no flag says, for a product that no flag names */
export async function askedOptions(name: string, given: NewOptions): Promise<NewOptions> {
  const kind = await select({
    message: `What is ${name} made of?`,
    choices: [
      { name: 'a Compose file', value: 'compose' },
      { name: 'a Dockerfile', value: 'dockerfile' },
      { name: 'an image', value: 'image' },
      { name: 'a git repository', value: 'git' },
    ] as const,
  });
  const usual = { compose: 'docker-compose.yml', dockerfile: 'Dockerfile', image: undefined, git: undefined }[kind];
  const which = await input({
    message: { compose: 'its path', dockerfile: 'its path', image: 'its name, with a version', git: 'its URL' }[kind],
    ...(usual !== undefined && { default: usual }),
    validate: (text) => text.trim() !== '' || 'it is empty',
  });
  const options = { ...given, [kind]: kind === 'compose' ? [which.trim()] : which.trim() };
  if (kind === 'compose' || kind === 'git') return options;
  const port =
    given.port ??
    Number(await input({ message: 'the port on which it answers HTTP', default: '8000', validate: isPort }));
  const health = given.health ?? (await input({ message: 'a path that answers 2xx when it is ready', default: '/' }));
  const database = given.database ?? (await askDatabase());
  const more = await checkbox({
    message: 'Does it need more?',
    choices: [
      { name: 'a Redis', value: 'cache' },
      { name: 'a bucket', value: 'bucket' },
    ],
  });
  const worker =
    given.worker.length > 0 ? given.worker : words(await input({ message: 'the command of its worker (empty: none)' }));
  return {
    ...{ ...options, port, health, worker, cache: more.includes('cache'), bucket: more.includes('bucket') },
    ...(database !== 'none' && { database }),
  };
}

const askDatabase = () =>
  select({
    message: 'Which database has it?',
    choices: [
      { name: 'none', value: 'none' },
      { name: 'PostgreSQL', value: 'postgres' },
      { name: 'MySQL', value: 'mysql' },
    ] as const,
  });

const words = (text: string): readonly string[] => (text.trim() === '' ? [] : [text.trim()]);

const isPort = (text: string): true | string =>
  (/^[1-9]\d{0,4}$/.test(text) && Number(text) < 65_536) || 'a port, such as 8000';
