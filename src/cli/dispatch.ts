import { Command } from 'commander';

interface Options {
  ref: string;
  repository?: string;
  system?: string;
}

export const dispatchCommand = (): Command =>
  new Command('dispatch')
    .summary('start a deployment on GitHub')
    .description("start the deploy workflow on GitHub; the approval rules of the stack's GitHub environment apply")
    .argument('<stack>', 'the stack, for example preprod')
    .option('--ref <ref>', 'the branch or tag to deploy', 'main')
    .option('--system <name>', 'this system only')
    .option('--repository <owner/name>', 'the repository of the workflow (default: GITHUB_REPOSITORY)')
    .addHelpText('after', details)
    .action(dispatch);

const details = `
It needs GITHUB_TOKEN with the permission actions: write. It returns as soon as GitHub has accepted the request; follow
the deployment on GitHub.

Examples:
  $ berth dispatch preprod --repository acme/infrastructure
  $ berth dispatch preprod --system basegun --ref berth/preprod/basegun`;

async function dispatch(stack: string, { ref, repository, system = '' }: Options): Promise<void> {
  const { answered, githubRepository } = await import('./github/api.ts');
  const { octokit, owner, repo } = await githubRepository({
    ...process.env,
    ...(repository && { GITHUB_REPOSITORY: repository }),
  });
  const inputs = { stack, system };
  const taken = octokit.rest.actions.createWorkflowDispatch({ owner, repo, workflow_id: 'deploy.yml', ref, inputs });
  await answered(`start the deployment of ${stack} from ${ref}`, 'actions: write', taken);
  console.log(`${owner}/${repo} deploys ${stack} from ${ref}${system && `, ${system} alone`}`);
}
