import { Command } from 'commander';
import type { Resolved } from './setVersion/gitRef.ts';

interface Options {
  ref?: string;
  pullRequest?: boolean;
  repository?: string;
}

export const setVersionCommand = (): Command =>
  new Command('set-version')
    .summary('set the version of a system in an environment file')
    .description('set the version of a system in Pulumi.<stack>.yaml; the rest of the file stays as written')
    .argument('<stack>', 'the environment, for example preprod')
    .argument('<system>', 'the system, for example basegun, or a part with a version of its own, such as mad/api')
    .argument('[version]', 'a full version or a full commit hash; mutable tags are refused')
    .option('--ref <name>', 'instead of a version: a branch or tag of the git repository that the system is built from')
    .option('--pull-request', 'open a pull request on GitHub instead of changing the local file')
    .option('--repository <owner/name>', 'the repository of the pull request (default: GITHUB_REPOSITORY)')
    .addHelpText('after', details)
    .action(setVersion);

const details = `
--pull-request changes the file of the default branch on the branch berth/<stack>/<system>; an open pull request of that
branch is updated. It needs GITHUB_TOKEN with the permissions contents: write and pull-requests: write. Pull requests that
are opened with a workflow's own token start no workflows: use the token of a GitHub App, so that checks and previews run.

--ref resolves the branch or tag once and writes the full commit, because a version must not move; to deploy a later commit
of the branch, run it again.

Examples:
  $ berth set-version preprod basegun 3.4.0
  $ berth set-version preprod catalogage --ref master
  $ berth set-version prod mad/api v1.3.0 --pull-request --repository acme/infrastructure`;

async function setVersion(
  stack: string,
  named: string,
  given: string | undefined,
  options: Options,
  command: Command,
): Promise<void> {
  if ((given === undefined) === (options.ref === undefined)) command.error('error: give either a version or --ref');
  const { stackName } = await import('../pulumi/stackName.ts');
  const { withVersion } = await import('./setVersion/change.ts');
  const name = stackName(stack);
  const [system = '', part] = named.split('/');
  const resolved = options.ref === undefined ? undefined : await asked(name, system, options.ref);
  const version = given ?? resolved?.commit ?? '';
  const wanted = { stack: name, source: `Pulumi.${name}.yaml`, system, version, ...(part && { part }) };
  const origin = resolved ? ` (${resolved.origin})` : '';
  const arrow = (former: string): string => `${name}: ${named} ${former} → ${version}${origin}`;
  const already = `${name}: ${named} is ${version} already${origin}`;
  if (!options.pullRequest) {
    const { join } = await import('node:path');
    const { readFileSync, writeFileSync } = await import('node:fs');
    const { findProject, readEnvironmentFile } = await import('../config/file.ts');
    const file = join(findProject(process.cwd()), wanted.source);
    readEnvironmentFile(file, name);
    const { text, former } = withVersion(readFileSync(file, 'utf8'), wanted);
    if (former !== version) writeFileSync(file, text);
    console.log(former === version ? already : arrow(former));
    return;
  }
  const { githubRepository } = await import('./github/api.ts');
  const { proposed } = await import('./setVersion/pullRequest.ts');
  const { repository: GITHUB_REPOSITORY = process.env.GITHUB_REPOSITORY } = options;
  let said = already;
  const address = await proposed(await githubRepository({ ...process.env, GITHUB_REPOSITORY }), {
    ...{ path: wanted.source, branch: `berth/${name}/${named}`, title: `${name}: ${named} ${version}` },
    body: `Sets the version of \`${named}\` on \`${name}\`, by \`berth set-version\`${origin}.`,
    change(text) {
      const { text: changed, former } = withVersion(text, wanted);
      if (former === version) return undefined;
      said = arrow(former);
      return changed;
    },
  });
  console.log(address === undefined ? said : `${said}: ${address}`);
}

/** Resolves a ref in the repository that the environment file names */
async function asked(stack: string, system: string, ref: string): Promise<Resolved> {
  const { join } = await import('node:path');
  const { readFileSync } = await import('node:fs');
  const { findProject } = await import('../config/file.ts');
  const { repositoryOfSystem, resolveRef } = await import('./setVersion/gitRef.ts');
  const source = `Pulumi.${stack}.yaml`;
  const text = readFileSync(join(findProject(process.cwd()), source), 'utf8');
  return resolveRef(repositoryOfSystem(text, source, stack, system), ref, new Date());
}
