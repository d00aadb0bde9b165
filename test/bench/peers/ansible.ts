import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runLogged } from '../../../src/process/stage.ts';
import { linter } from '../../../tools/lib/linters.ts';
import { user } from '../../e2e/existing/host.ts';
import type { Contender, Desired, Target } from './contender.ts';
import { type Log, type Project, project } from './project.ts';
import { removeWork } from './removeWork.ts';
import { writeTree } from './tree.ts';
import type { Work } from './work.ts';

type WorkFor = (desired: Desired, to: Target) => Work;

/**
 * Ansible as its documentation makes it fast: pipelining, one shared login, no facts
 * @param strategy Ansible's own, or mitogen's
 */
export async function ansible(
  strategy: 'own' | 'mitogen',
  folder: string,
  privateKey: string,
  work: WorkFor,
  log: Log,
): Promise<Contender> {
  const playbook = await linter('ansible', log);
  const packages = dirname(dirname(playbook));
  const own = await project(folder, privateKey);
  await copyFile(fileURLToPath(new URL('ansible/site.yml', import.meta.url)), join(folder, 'site.yml'));
  await own.write('ansible.cfg', settings(own, strategy, packages));
  return {
    name: strategy === 'own' ? 'Ansible' : 'Ansible with mitogen',
    async deploy(to, desired) {
      await own.aim(to);
      const wanted = work(desired, to);
      const { hostFiles, configuration, folders } = wanted;
      await writeTree(own, wanted);
      const paths = (files: Work['hostFiles']) => files.map(({ path, mode }) => ({ path, mode }));
      const variables = { folders, host_files: paths(hostFiles), configuration: paths(configuration) };
      await own.write(
        'inventory.json',
        JSON.stringify({ machines: { hosts: { machine: { ...reached(own, to), ...variables } } } }),
      );
      const env = { ...process.env, PYTHONPATH: packages, ANSIBLE_CONFIG: join(folder, 'ansible.cfg'), HOME: folder };
      await runLogged('python3', [playbook, '-i', 'inventory.json', 'site.yml'], {
        cwd: folder,
        env,
        log,
        timeoutSeconds: 900,
      });
    },
    reset: removeWork,
    rest: own.rest,
  };
}

const reached = ({ folder }: Project, { wire }: Target) => ({
  ...{ ansible_host: '127.0.0.1', ansible_port: wire.port, ansible_user: user },
  ansible_ssh_private_key_file: join(folder, 'identity'),
  ansible_ssh_common_args: `-o HostKeyAlias=machine -o UserKnownHostsFile=${join(folder, 'known_hosts')}`,
  ansible_python_interpreter: '/usr/bin/python3',
});

const settings = ({ folder }: Project, strategy: 'own' | 'mitogen', packages: string): string => `[defaults]
forks = 10
nocows = true
local_tmp = ${join(folder, 'tmp')}
${strategy === 'mitogen' ? `strategy_plugins = ${join(packages, 'ansible_mitogen/plugins/strategy')}\nstrategy = mitogen_linear\n` : ''}
[ssh_connection]
pipelining = true
ssh_args = -o ControlMaster=auto -o ControlPersist=60s
control_path_dir = ${join(folder, 's')}
`;
