import type { Target } from './contender.ts';

/** Removes what a tool gave a machine: containers, networks and volumes, files, rules of the firewall, its own notes */
export async function removeWork({ host }: Target): Promise<void> {
  await host.inside(`
docker ps --all --quiet | xargs --no-run-if-empty docker rm --force >/dev/null
docker network prune --force >/dev/null
docker volume prune --all --force >/dev/null
systemctl disable --quiet --now berth-firewall.service 2>/dev/null || true
nft delete table inet berth 2>/dev/null || true
rm -rf /etc/basegun /etc/berth /var/lib/basegun /var/log/basegun /home/*/.kamal /etc/sysctl.d/berth.conf \\
  /etc/logrotate.d/berth-* /etc/tmpfiles.d/berth-* /etc/systemd/system/berth-* /etc/systemd/system/*.d/berth.conf
systemctl daemon-reload`);
}
