import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../../src/render/bundle.ts';
import { machineProxy } from '../../src/render/proxy.ts';
import { certificateOf } from '../certificate.ts';
import { environment } from '../environment.ts';
import { container, machineInput, supervised } from '../unit/render/fixtures.ts';
import { machineImage, required } from './docker.ts';
import { type Machine, startMachine } from './machine.ts';

// A machine without a way out but its proxy, behind which whoever answers has a certificate of an authority of its own.

const names = ['registry.corp.test', 'deb.corp.test', 'git.corp.test'];
const { certificate, key } = certificateOf(names);
const proxy = { url: 'http://127.0.0.1:3128', exceptFor: [], authority: certificate };
const { entries } = bundle({
  ...machineInput({ services: [container(), supervised({ name: 'page' })] }),
  ...machineProxy({ ...environment, proxy }, []),
});
const files = {
  ...Object.fromEntries(Object.entries(entries).map(([path, text]) => [`release/${path}`, text])),
  'outside.py': readFileSync(new URL('outside.py', import.meta.url), 'utf8'),
  'certificate.pem': certificate,
  'key.pem': key,
};

/** An engine that only pulls: it runs no container */
const engineRights = ['--cap-add', 'SYS_ADMIN', '--security-opt', 'apparmor=unconfined', '--volume', '/var/lib/docker'];

let machine: Machine | undefined;
beforeAll(async () => {
  machine = await startMachine('proxy', engineRights);
});
afterAll(() => machine?.remove());

/** With the machine's own parts of converge.sh, and its files in place */
const start = `set -Eeuo pipefail
  python3 outside.py 2>/dev/null & trap "kill $!" EXIT
  until [[ -e ready ]]; do sleep 0.1; done
  SYSTEM=shop release=$PWD/release state=$PWD/state
  declare -A activate=()
  . release/scripts/proxy.sh; . release/scripts/processes.sh; mkdir -p "$sources"`;

const placed = `cp -r release/files/usr/local/share/. /usr/local/share/; activate_authorities >/dev/null 2>&1`;

async function run(script: string): Promise<string> {
  const answer = await machine?.run(`${start}\n${script}`, files);
  expect(answer?.code, answer?.output).toBe(0);
  return answer?.output ?? '';
}

const update = `rm -rf /etc/apt/sources.list /etc/apt/sources.list.d; mkdir -p lists/partial
  echo 'deb [trusted=yes] https://deb.corp.test/debian ./' >/etc/apt/sources.list
  apt-get -o Acquire::Retries=0 --error-on=any update 2>&1 || echo no way; cat asked 2>/dev/null || true`;

test('packages come through the proxy before anything of the machine says so, and by its own file later', async (context) => {
  required(await machineImage, context);
  expect(await run(update)).toMatch(/no way\n$/);
  const [before, later] = [
    await run(`packages_by_proxy; ${update}`),
    await run(`cp release/files/etc/apt/apt.conf.d/80berth-proxy /etc/apt/apt.conf.d/; ${placed}; ${update}`),
  ];
  for (const said of [before, later]) {
    expect(said).not.toContain('no way');
    expect(said).toMatch(/\ndeb\.corp\.test:443\n/);
  }
});

test('a build fetches through the proxy, and trusts whoever is behind it', async (context) => {
  required(await machineImage, context);
  const said = await run(`user=www-data
    as_builder curl -sS --max-time 20 https://git.corp.test/hello 2>&1 || echo no way
    tell_builder; as_builder curl -sS --max-time 20 https://git.corp.test/hello
    as_builder python3 -c 'import urllib.request; print(urllib.request.urlopen("https://git.corp.test/hello").read().decode(), end="")'
    as_builder curl -sS --max-time 5 http://127.0.0.1:1/ 2>&1 || true; cat asked`);
  expect(said).toMatch(
    /no way\nhello from outside\nhello from outside\n.*127\.0\.0\.1 port 1.*\n(git\.corp\.test:443\n){2}$/,
  );
});

test('images are pulled through the proxy', async (context) => {
  required(await machineImage, context);
  const said = await run(`${placed}; [[ \${activate[docker]} == 1 ]]
    mapfile -t settings < <(sed -n 's/^Environment="\\(.*\\)"$/\\1/p' release/files/etc/systemd/system/docker.service.d/berth-proxy.conf)
    pull() {
      env "$@" dockerd --bridge none --iptables=false --ip6tables=false --storage-driver vfs >dockerd.log 2>&1 & engine=$!
      timeout 60 bash -c 'until docker version >/dev/null 2>&1; do sleep 0.2; done' || { tail -n 5 dockerd.log; exit 1; }
      docker pull --quiet registry.corp.test/app:1.0.0 2>&1 || echo no way
      kill $engine; wait $engine || true
    }
    pull; pull "\${settings[@]}"; sort -u asked`);
  expect(said).toMatch(/no way\nregistry\.corp\.test\/app:1\.0\.0\nregistry\.corp\.test:443\n$/);
});

test('without the proxy its files go, those who read them are told, and the way back puts them there again', async (context) => {
  required(await machineImage, context);
  const said =
    await run(`SYSTEM=shop RELEASE=one; . release/scripts/lib.sh; . release/scripts/trial.sh; . release/scripts/host.sh
    release=$PWD/release state=$PWD/state backup=$PWD/backup; mkdir -p "$state"; exec 4>&2
    activate_all() { echo "activates $(printf '%s\\n' "\${!activate[@]}" | grep -E 'authorities|docker' | sort | xargs)"; activate=(); }
    there() { ls /etc/apt/apt.conf.d/80berth-proxy /usr/local/share/ca-certificates/berth-proxy-0.crt /etc/systemd/system/docker.service.d/berth-proxy.conf 2>/dev/null | wc -l || true; }
    rm -f /etc/apt/apt.conf.d/80berth-proxy /usr/local/share/ca-certificates/berth-proxy-*
    install_host_files; there
    rm -rf "$backup"; ln -sfn "$release" "$state/current"; cp -r release next
    find next/files -name '*berth-proxy*' -delete; sed -i /berth-proxy/d next/files.tsv
    release=$PWD/next; install_host_files; there; restore_host_files; there`);
  expect(said).toBe(
    `activates authorities docker\n3\n${'activates authorities docker\n0\n'}${'activates authorities docker\n3\n'}`,
  );
});
