import { expect, type TestContext, test } from 'vitest';
import { hostEngine } from '../../src/render/engine.ts';
import { fileText } from '../../src/render/template.ts';
import { type Answer, bareMachineImage, docker, folderOf, ownContainer, required } from './docker.ts';

// Packages with a real dpkg and apt on a bare Debian: locks, and packages that are already installed

const script = (name: string): string => fileText(`adoption/${name}.sh`);

async function onMachine(name: string, words: string, context: TestContext): Promise<Answer> {
  const files = {
    // Only its functions; the test calls them
    'adopt.sh': script('adopt').replace(/\nmain\n$/, '\n'),
    ...hostEngine(),
    'packages.sh': script('packages'),
    'networks.sh': script('networks'),
    'trial.sh': script('trial'),
    'adoption.env': "SYSTEM=shop MACHINE=shop-web-0 SSH_PORT=22 KEEP_OPEN='' TRIAL_SECONDS=1 SSH_FROM=''\n",
    ports: 'tcp 22\ntcp 80\ntcp 443\n',
    packages: 'tar\ndocker.io\ndocker-cli\ndocker-compose\n',
    // Until it is let go, or the container ends
    'hold.py': `import fcntl, os, sys, time
lock = open(sys.argv[1], 'w')
fcntl.lockf(lock, fcntl.LOCK_EX)
while not os.path.exists('/tmp/go'): time.sleep(0.1)
`,
    'run.sh': `set -uo pipefail\nsay() { printf '%s\\n' "$*"; }\ncp -r /given /tmp/f\n${words}\n`,
  };
  const volume = ['--volume', `${folderOf(files)}:/given:ro`, '--network', 'none', '--entrypoint', 'bash'];
  return docker('run', ...ownContainer(name), ...volume, required(await bareMachineImage, context), '/given/run.sh');
}

const held = (file: string): string =>
  `python3 /given/hold.py ${file} & until grep -q ":$(stat -c %i ${file}) " /proc/locks; do sleep 0.1; done`;

/** Defines `locked`, which waits for locks as the checks of a machine do, or as the release engine does */
const waits: Readonly<Record<string, (seconds: number) => string>> = {
  'the checks': (seconds) =>
    `. /given/packages.sh; package_lock_seconds=${seconds}; locked() { with_package_locks "$@"; }`,
  releases: (seconds) => `locked() { python3 -IB -c 'import sys; sys.path.insert(0, "/given/engine")
import packages
from machine import Machine, ProgramFailed
from tell import Refused, Teller
packages._LOCK_SECONDS = ${seconds}
try: packages.with_locks(Machine("shop", Teller([])), *sys.argv[1:])
except (Refused, ProgramFailed) as error: sys.exit(str(error))' "$@" 2>&1; }`,
};
const both = Object.entries(waits);
const files = [
  ...['/var/lib/dpkg/lock-frontend', '/var/lib/dpkg/lock'],
  ...['/var/lib/apt/lists/lock', '/var/cache/apt/archives/lock'],
];

test.for(both.flatMap(([who, wait]) => files.map((file) => [who, file, wait] as const)))(
  '%s wait for the process that holds %s, and name it',
  async ([_who, file, wait], context) => {
    const words = `${wait(600)}; touch ${file}; ${held(file)}
    dpkg --configure -a 2>/dev/null || echo refused at once
    (until grep -qs 'waiting for' /tmp/said; do sleep 0.1; done; touch /tmp/go) &
    set -o pipefail; locked dpkg --configure -a | tee /tmp/said && echo done`;
    const { output } = await onMachine('lock', words, context);
    expect(output).toMatch(
      /waiting for python3 \/given\/hold\.py \S+ \(process \d+\), which changes packages\ndone\n$/,
    );
    if (/dpkg\/lock/.test(file)) expect(output).toContain('refused at once');
  },
);

test.for(both)('a lock that is never released makes %s fail, and names its holder', async ([_who, wait], context) => {
  const words = `${wait(1)}; ${held('/var/lib/dpkg/lock-frontend')}
    locked dpkg --configure -a || echo ended`;
  const { output } = await onMachine('lock', words, context);
  expect(output).toMatch(
    /the packages have been locked for 1 s by python3 .*: wait for it to end, or stop it, .*\nended\n$/,
  );
});

test.for(both)('a command of %s that fails for another reason fails at once', async ([_who, wait], context) => {
  const words = `${wait(600)}; locked sh -c "exit 7" || echo failed`;
  expect((await onMachine('lock', words, context)).output).toMatch(/^(sh failed\n)?failed\n$/);
});

/** Script that prints some of the checks of an existing machine */
const looked = (before: string, parts: string): string => `set -- /tmp/f; . /tmp/f/adopt.sh; set +e; trap - EXIT
  say() { printf '%s\\n' "$*"; }
  ${before}
  ${parts}`;

test('a port that keepOpen names may be used by another program', async (context) => {
  const before = `cp $(readlink -f /usr/bin/python3) /tmp/tenant; /tmp/tenant -m http.server 9998 >/dev/null 2>&1 &
    until [[ $(ss -Htln | wc -l) -ge 1 ]]; do sleep 0.1; done; KEEP_OPEN='9998 9999'; echo 'tcp 9998' >>/tmp/f/ports`;
  const { output } = await onMachine('look', looked(before, 'check_ports'), context);
  expect(output).toContain('ok       every open port has a rule, or is kept open');
  expect(output).not.toContain('refused');
});

test('a program on a port that the system needs is refused by name, although a rule opens the port', async (context) => {
  const before = `for name in apache2 sshd nginx; do cp $(readlink -f /usr/bin/python3) /tmp/$name; done
    /tmp/apache2 -m http.server 80 >/dev/null 2>&1 & /tmp/sshd -m http.server 22 >/dev/null 2>&1 & /tmp/nginx -m http.server 443 >/dev/null 2>&1 &
    until [[ $(ss -Htln | wc -l) -ge 3 ]]; do sleep 0.1; done`;
  const { output } = await onMachine('look', looked(before, 'check_ports'), context);
  const refused = output.split('\n').filter((line) => line.includes('refused'));
  expect(refused).toEqual([
    '  refused  tcp port 80 is used by apache2, but shop needs it: stop and disable the program, or move it to another port',
    '  refused  tcp port 443 is used by nginx, but shop needs it: stop and disable the program, or move it to another port',
  ]);
  const ofNginx = looked(`${before}; echo nginx >>/tmp/f/packages`, 'check_ports');
  expect((await onMachine('look', ofNginx, context)).output).not.toContain('port 443 is used');
});

/** Installs an empty docker-ce with a version and with the conflicts of Docker's own package */
const dockerCe = (version: string, compose: string) => `mkdir -p /tmp/ce/DEBIAN
  printf 'Package: docker-ce\\nVersion: 5:${version}-1\\nArchitecture: all\\nMaintainer: t <t@t.t>\\nConflicts: docker.io\\nDescription: t\\n' >/tmp/ce/DEBIAN/control
  dpkg-deb --build /tmp/ce /tmp/ce.deb >/dev/null && dpkg --install /tmp/ce.deb >/dev/null && apt-mark hold docker-ce >/dev/null
  printf '#!/bin/sh\\ncase $1 in version) echo ${version} ;; compose) ${compose} ;; esac\\n' >/usr/local/bin/docker; chmod 755 /usr/local/bin/docker`;

test.for([
  ['27.3.1', 'exit 0', 'ok       docker-ce 27.3.1 is used as it is'],
  ['24.0.9', 'exit 0', 'refused  docker-ce 24.0.9 is installed; releases need 25.0 or later'],
  ['27.3.1', 'exit 1', 'refused  docker-ce has no compose: apt-get install docker-compose-plugin'],
] as const)('docker-ce %s is checked for its version and compose', async ([version, compose, says], context) => {
  const look = looked(dockerCe(version, compose), 'check_packages; check_engine; packages_needed /tmp/f/packages');
  const { output } = await onMachine('look', look, context);
  expect(output).toContain(says);
  expect(output).toContain('ok       no package must be removed');
  expect(output).toMatch(/\ntar\n$/);
});

/** Makes a local repository with one package that conflicts with an installed one */
const inTheWay = `mkdir -p /tmp/ce/DEBIAN /tmp/repo
  printf 'Package: wanted\\nVersion: 1\\nArchitecture: all\\nFilename: ./w.deb\\nSize: 1\\nConflicts: blocker\\n\\n' >/tmp/repo/Packages
  rm -f /etc/apt/sources.list.d/*; echo 'deb [trusted=yes] file:/tmp/repo ./' >/etc/apt/sources.list; apt-get update -qq
  printf 'Package: blocker\\nVersion: 1\\nArchitecture: all\\nMaintainer: t <t@t.t>\\nDescription: t\\n' >/tmp/ce/DEBIAN/control
  dpkg-deb --build /tmp/ce /tmp/ce.deb >/dev/null && dpkg --install /tmp/ce.deb >/dev/null; echo wanted >>/tmp/f/packages
  sed -i /docker/d /tmp/f/packages`;

test.for([
  ['must be removed', inTheWay, 'refused  packages that berth needs would remove blocker: remove it yourself'],
  [
    'is held',
    `${inTheWay}; apt-mark hold blocker`,
    "refused  packages that berth needs can't be installed (tar wanted): ",
  ],
  [
    'is unknown to apt',
    'echo unknown >>/tmp/f/packages',
    "note     package dependencies can't be checked yet: E: Unable to locate package",
  ],
] as const)('a package that %s is reported', async ([_name, before, says], context) => {
  expect((await onMachine('look', looked(before, 'check_packages'), context)).output).toContain(says);
});
