import { requireProgram } from '../../../src/process/debian.ts';
import { runLogged } from '../../../src/process/stage.ts';
import type { Contender, Desired, Target } from './contender.ts';
import { type Log, project } from './project.ts';
import { removeWork } from './removeWork.ts';
import { writeTree } from './tree.ts';
import type { Work } from './work.ts';

/**
 * `rsync` and `docker compose` over one shared login, as a deployment script of many projects: what rsync changed decides what
 * is reloaded
 */
export async function compose(
  folder: string,
  privateKey: string,
  work: (desired: Desired, to: Target) => Work,
  log: Log,
): Promise<Contender> {
  await requireProgram({ program: 'rsync', packages: ['rsync'], why: 'files are copied by rsync' }, log);
  const own = await project(folder, privateKey);
  await own.write('deploy.sh', script, 0o755);
  return {
    name: 'rsync and docker compose',
    async deploy(to, desired) {
      await own.aim(to);
      const wanted = work(desired, to);
      await writeTree(own, wanted);
      const made = wanted.folders.map(({ path, mode, owner }) => {
        const [user, group] = owner.split(':');
        return `install -d -m ${mode} -o ${user} -g ${group} ${path}`;
      });
      await own.write('folders.sh', `set -eu\n${made.join('\n')}\n`);
      await runLogged('bash', ['deploy.sh'], { cwd: folder, log, timeoutSeconds: 900 });
    },
    reset: removeWork,
    rest: own.rest,
  };
}

const script = `#!/bin/bash
set -euo pipefail
remote() { ssh -F ssh_config machine "$@"; }
remote sudo bash <folders.sh
changed=$(rsync --rsh='ssh -F ssh_config' --rsync-path='sudo rsync' --recursive --perms --checksum --omit-dir-times \\
  --chown=0:0 --itemize-changes files/ machine:/)
echo "$changed"
case $changed in *etc/systemd/*) remote sudo systemctl daemon-reload ;; esac
# A container's kernel is that of its computer, which lets none of its machines change it
case $changed in *etc/sysctl.d/*) remote sudo sysctl --quiet --load=/etc/sysctl.d/berth.conf || true ;; esac
case $changed in *firewall.nft.conf*)
  remote sudo nft -c -f /etc/berth/firewall.nft.conf
  remote sudo nft -f /etc/berth/firewall.nft.conf
  remote sudo systemctl enable --now berth-firewall.service ;;
esac
remote sudo docker compose --project-directory /etc/basegun up --detach --wait --quiet-pull --remove-orphans
`;
