import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stackLabel, sweep } from '../../../src/clouds/local/setUp/stack.ts';
import { freePort } from '../../freePort.ts';
import { type GitHub, github, repository } from '../../github.ts';
import { eventually } from '../client.ts';
import { stdoutOf } from '../stack.ts';
import type { Value } from './expression.ts';
import { type Occasion, type PlayedJob, play } from './play.ts';
import { changeOptions, cloneTo, gitIn, type Run, runLine, workspace } from './workplace.ts';

const stack = 'local';

/** A clone of this project as a runner's workspace, with a stack of local machines that its workflows deploy */
export interface WorkflowScene {
  github: GitHub;
  /** Commits a change of the system's options on a new branch that starts at another */
  commit(branch: string, from: string, options: Readonly<Record<string, unknown>>): Promise<void>;
  git(...words: string[]): Promise<string>;
  /** Pushes a branch, or a tag if the name begins with v, and runs its workflows */
  push(ref: string): Promise<PlayedJob[]>;
  pullRequest(branch: string, of: 'ours' | 'a fork'): Promise<PlayedJob[]>;
  night(): Promise<PlayedJob[]>;
  /** Runs a command line in the clone, outside of a workflow */
  byHand(line: string): Promise<Run>;
  /** Returns the site's answer at a path */
  answer(path: string): Promise<string>;
  inMachine(script: string): Promise<string>;
  remove(): Promise<void>;
}

export async function workflowScene(): Promise<WorkflowScene> {
  const folder = join(await mkdtemp(join(tmpdir(), 'berth-clone-')), 'berth');
  await cloneTo(folder);
  const git = gitIn(folder);
  const at = workspace(folder);
  const server = await github();
  const place = { stack, folder: join(folder, '.berth'), project: folder };

  const commit: WorkflowScene['commit'] = async (branch, from, options) => {
    await git('checkout', '--quiet', '--force', '-B', branch, from);
    await changeOptions(join(folder, `Pulumi.${stack}.yaml`), options);
    await git('commit', '--quiet', '--all', '--message', `${branch}: ${Object.keys(options).join(', ')}`);
  };
  // The ports of the committed file may be in use by the user's own stack
  const publish = { 80: await freePort(), 443: await freePort() };
  await commit('main', 'main', { web: { size: 'small', diskGb: 10, publish } });

  const played = async (file: string, ref: string, on: Partial<Occasion>, about: Record<string, Value>) => {
    const sha = await git('rev-parse', `${ref}^{commit}`);
    await git('checkout', '--quiet', '--force', sha);
    const occasion = {
      stack,
      environment: server.environment(),
      vars: { BERTH_STACKS: JSON.stringify([stack]) },
      ...on,
    };
    const { GITHUB_TOKEN: token = '', ...environment } = occasion.environment;
    const context = { ref, sha, repository, token, event: {}, ...about };
    return play(file, { ...occasion, environment, github: context }, at(sha));
  };
  const machine = async (): Promise<string> => {
    const filters = ['--filter', `label=${stackLabel(place)}`, '--filter', 'name=-web-0$'];
    const name = (await stdoutOf('docker', ['ps', '--format', '{{.Names}}', ...filters])).trim();
    if (name === '') throw new Error('the stack has no machine that runs');
    return name;
  };
  return {
    github: server,
    commit,
    git,
    push: (ref) => played('deploy.yml', ref, {}, { ref_type: ref.startsWith('v') ? 'tag' : 'branch' }),
    async pullRequest(branch, of) {
      const head = { repo: { full_name: of === 'ours' ? repository : 'stranger/infrastructure' } };
      const event = { pull_request: { number: 7, head, base: { sha: await git('rev-parse', 'main') } } };
      const environment = server.environment(7);
      // A fork's run has a read-only token, which no step gets
      return played('preview.yml', branch, { environment }, { event });
    },
    night: () => played('drift.yml', 'main', {}, { ref: 'refs/heads/main', ref_type: 'branch' }),
    byHand: (line) => runLine(folder, line, {}),
    async answer(path) {
      const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}';
      const [address] = (await stdoutOf('docker', ['inspect', '--format', format, await machine()])).trim().split(' ');
      const words = ['-sk', '--max-time', '10', '--resolve', `basegun.localhost:443:${address}`];
      const ask = () => stdoutOf('curl', [...words, `https://basegun.localhost${path}`]).catch(() => '');
      return eventually(20, ask, (answer) => answer !== '');
    },
    inMachine: async (script) => stdoutOf('docker', ['exec', await machine(), 'bash', '-c', script]),
    async remove() {
      await server.close();
      await runLine(folder, 'npm run local -- --down', {});
      await sweep(place);
      await rm(dirname(folder), { recursive: true, force: true });
    },
  };
}
