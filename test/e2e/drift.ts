import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { checkHosts, type HostDifference } from '../../src/cli/status/check.ts';
import { stackFile } from '../../src/pulumi/place.ts';
import { inMachine, type TestStack } from './stack.ts';

type Difference = Omit<HostDifference, 'system' | 'machine'>;

/**
 * Returns the differences that `berth status --check` finds on a stack's machines, without the machines' names. A service that
 * runs and whose check a busy computer has failed has half a minute to be well again.
 */
export async function drift(stack: TestStack): Promise<Difference[]> {
  const isSettled = (found: Difference[]) => !found.some(({ difference }) => difference.startsWith('is not well: Up '));
  for (const end = Date.now() + 30_000; ; await sleep(1000)) {
    const found = await differences(stack);
    if (isSettled(found) || Date.now() > end) return found;
  }
}

async function differences({ place, environment }: TestStack): Promise<Difference[]> {
  const { stack, project } = place;
  const found = await checkHosts({ stack, project, folder: '', environment, configFile: stackFile(place) });
  return found.differences.map(({ kind, what, difference }) => ({ kind, what, difference }));
}

/** A manual change of a machine: the commands that make and undo it, and the difference that is reported */
export interface Meddling {
  by: string;
  undone: string;
  told: Awaited<ReturnType<typeof drift>>;
}

const told = (kind: HostDifference['kind'], what: string, difference: string): Meddling['told'] => [
  { kind, what, difference },
];
const rules = told('firewall', 'table inet berth', 'is not what /etc/berth/firewall.nft.conf says');
const file = '/etc/docker/daemon.json';

/** Manual changes by name; none of them stops the site */
export const meddlings: Readonly<Record<string, Meddling>> = {
  'a file': {
    by: `cp -a ${file} /root/kept && echo >>${file}`,
    undone: `mv /root/kept ${file}`,
    told: told('file', file, 'has different content'),
  },
  'a missing file': {
    by: `mv ${file} /root/kept`,
    undone: `mv /root/kept ${file}`,
    told: told('file', file, 'is missing'),
  },
  'a mode': {
    by: `chmod 0666 ${file}`,
    undone: `chmod 0644 ${file}`,
    told: told('mode', file, 'is 0666 0:0, not 0644 0:0'),
  },
  'an owner': {
    by: `chown nobody ${file}`,
    undone: `chown root ${file}`,
    told: told('mode', file, 'is 0644 65534:0, not 0644 0:0'),
  },
  'a stopped container': {
    by: 'docker stop basegun-base-filebeat-1',
    undone: 'docker start basegun-base-filebeat-1',
    told: told('container', 'basegun-base/filebeat', expect.stringMatching(/^is not well: Exited \(\d+\)/)),
  },
  'a container of no release': {
    by: `docker create --name stray --label berth.system=basegun --label berth.service=old --label berth.definition=none \
      --label com.docker.compose.project=basegun-green "$(docker inspect --format '{{.Image}}' basegun-base-filebeat-1)"`,
    undone: 'docker rm --force stray',
    told: told('container', 'basegun-green/old', 'does not belong to this release'),
  },
  'a stopped engine': {
    by: 'systemctl stop docker.service',
    undone: '[[ $(systemctl is-active docker.service) == inactive ]] && systemctl start docker.service',
    told: told('unit', 'docker.service', 'does not run'),
  },
  'a unit that is not started at boot': {
    by: 'systemctl disable berth-firewall.service',
    undone: 'systemctl enable berth-firewall.service',
    told: told('unit', 'berth-firewall.service', 'would not start at the next boot'),
  },
  'a missing firewall': {
    by: 'nft delete table inet berth',
    undone: 'systemctl restart berth-firewall.service',
    told: rules,
  },
  'a foreign firewall rule': {
    by: 'nft insert rule inet berth input tcp dport 4711 accept',
    undone: 'systemctl restart berth-firewall.service',
    told: rules,
  },
};

/**
 * Lists the state of a machine that a read-only command must not change: files (without logs and files that services,
 * health checks and the engine write), containers, units, firewall rules and mounts
 */
export const traces = (stack: TestStack): Promise<string> =>
  inMachine(
    stack,
    `find / -xdev '(' -path /proc -o -path /sys -o -path /dev -o -path /var/log -o -path /var/lib/docker -o -path '*/data' \
        -o -path /var/lib/systemd -o -path /run -o -path /var/lib/containerd ')' -prune \
        -o -type d -printf '%p %m %U:%G\n' -o -printf '%p %m %U:%G %s %T@ %C@\n' | sort
     find /run /tmp -maxdepth 1 ! -name 'runc-process*' | sort
     find /run -maxdepth 1 -name 'berth*' -printf '%p %C@\n' | sort
     docker ps --all --no-trunc --format '{{.ID}} {{.Names}} {{.State}}' | sort; docker network ls --format '{{.ID}}'; docker image ls -q | sort
     systemctl show --property Id,ActiveState,ActiveEnterTimestamp docker ssh berth-firewall cloud-firewall
     systemctl list-unit-files --no-legend | grep -v '^session-' | sort; nft --stateless list ruleset 2>/dev/null; findmnt --list --noheadings -o TARGET,SOURCE | grep -v /run/user | sort`,
  );
