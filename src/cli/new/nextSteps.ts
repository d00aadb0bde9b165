import type { Draft } from './draft.ts';

/** Returns what a person does next, command by command */
export function nextSteps({ name, builds, secrets, domain }: Draft, git?: string): string {
  const folder = (context: string) =>
    git === undefined ? context : `${git}${context === '.' ? '' : ` (its folder ${context})`}`;
  const build = builds.map(({ image, context, dockerfile }) =>
    [
      `docker build -t ${image}`,
      ...(dockerfile === undefined ? [] : [`-f ${context}/${dockerfile}`]),
      folder(context),
    ].join(' '),
  );
  const needed = Object.keys(secrets);
  const commands = [...build, `npx vitest run systems/${name}`, 'npx berth render local', `npx berth local ${name}`];
  return [
    'next:',
    ...commands.map((command) => `  $ ${command}`),
    ...(needed.length > 0 ? [`its secrets: ${needed.join(', ')} (systems/${name}/README.md)`] : []),
    `its site on this computer: ${domain}`,
  ].join('\n');
}
