import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../../src/render/bundle.ts';
import { machineProxy } from '../../src/render/proxy.ts';
import { authorityOf, certificateOf } from '../certificate.ts';
import { environment } from '../environment.ts';
import { container, machineInput, supervised } from '../unit/render/fixtures.ts';
import { machineImage, required } from './docker.ts';
import { type Machine, startMachine } from './machine.ts';

// A machine without a way out but its proxy, behind which whoever answers has a certificate of an authority of its own.

const names = ['registry.corp.test', 'deb.corp.test', 'git.corp.test'];
const authority = authorityOf('authority.corp.test');
const { certificate, key } = certificateOf(names, 90, authority);
const proxy = { url: 'http://127.0.0.1:3128', exceptFor: [], authority: authority.certificate };
const { entries } = bundle({
  ...machineInput({ services: [container(), supervised({ name: 'page' })] }),
  ...machineProxy({ ...environment, proxy }, []),
});
const files = {
  ...Object.fromEntries(Object.entries(entries).map(([path, text]) => [`release/${path}`, text])),
  ...Object.fromEntries(
    ['outside.py', 'goods.py'].map((name) => [
      name,
      readFileSync(new URL(`../outside/${name}`, import.meta.url), 'utf8'),
    ]),
  ),
  'parts.py': '',
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

/** With the machine's own engine at hand in Python, and its files in place */
const start = `set -Eeuo pipefail
  python3 outside.py 2>/dev/null & trap "kill $!" EXIT
  until [[ -e ready ]]; do sleep 0.1; done
  mkdir -p /srv/berth/shop
  parts() { { cat parts.py; cat; } | python3 -IB -; }`;

const parts = `import shutil, sys
from pathlib import Path
sys.path.insert(0, "release/engine")
import act, builds, host_files, images, look, packages, plan
from machine import Machine
from release import read_release
from steps import HostFiles
from tell import Teller
machine = Machine("shop", Teller([]))
class Here(act.Work):
    @property
    def folder(self):
        return self.incoming
def work_in(name):
    folder = Path(name).resolve()
    release = read_release(folder)
    return Here(machine, release, look.look(machine, release), folder, {}, {})
work = work_in("release")
`;

const placed = `cp -r release/files/usr/local/share/. /usr/local/share/; update-ca-certificates >/dev/null 2>&1`;

async function run(script: string): Promise<string> {
  const answer = await machine?.run(`${start}\n${script}`, { ...files, 'parts.py': parts });
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
    await run(
      `APT_CONFIG=$(parts <<<'packages._by_proxy(work); print(machine.env["APT_CONFIG"])'); export APT_CONFIG; ${update}`,
    ),
    await run(`cp release/files/etc/apt/apt.conf.d/80berth-proxy /etc/apt/apt.conf.d/; ${placed}; ${update}`),
  ];
  for (const said of [before, later]) {
    expect(said).not.toContain('no way');
    expect(said).toMatch(/\ndeb\.corp\.test:443\n/);
  }
});

test('a build fetches through the proxy, and trusts whoever is behind it', async (context) => {
  required(await machineImage, context);
  const said = await run(`parts <<'END'
build = work.release.builds[0]
builds.ensure_user(machine, build.user)
def ask(*words):
    answer = builds._Builder(work, build, Path("/nonexistent")).ask(*words)
    print(answer.out + answer.err, end="" if answer.code == 0 else "no way\\n" if "git." in words[-1] else "")
Path("release/builder.env").rename("later")
ask("curl", "-sS", "--max-time", "20", "https://git.corp.test/hello")
Path("later").rename("release/builder.env")
ask("curl", "-sS", "--max-time", "20", "https://git.corp.test/hello")
ask("python3", "-c", 'import urllib.request; print(urllib.request.urlopen("https://git.corp.test/hello").read().decode(), end="")')
ask("curl", "-sS", "--max-time", "5", "http://127.0.0.1:1/")
END
    cat asked`);
  expect(said).toMatch(
    /no way\nhello from outside\nhello from outside\n.*127\.0\.0\.1 port 1.*\n(git\.corp\.test:443\n){2}$/,
  );
});

test('how big an image is to come is asked of its registry through the proxy', async (context) => {
  required(await machineImage, context);
  const said = await run(`${placed}; parts <<'END'
print(images._download_mb(machine, "registry.corp.test/app:1.0.0", images._proxy(work)), "MB")
Path("release/builder.env").unlink()
print(images._download_mb(machine, "registry.corp.test/app:1.0.0", images._proxy(work)), "MB")
END
    sort -u asked`);
  expect(said).toBe('1 MB\nNone MB\nregistry.corp.test:443\n');
});

test('images are pulled through the proxy', async (context) => {
  required(await machineImage, context);
  const said = await run(`${placed}
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
  const said = await run(`rm -f /etc/apt/apt.conf.d/80berth-proxy /usr/local/share/ca-certificates/berth-proxy-*
    cp -r release next; find next/files -name '*berth-proxy*' -delete
    parts <<'END'
import json
def activate(machine, names):
    print("activates", *sorted({name for name in names if name in ("authorities", "docker")}))
def there():
    paths = ("/etc/apt/apt.conf.d/80berth-proxy", "/usr/local/share/ca-certificates/berth-proxy-0.crt", "/etc/systemd/system/docker.service.d/berth-proxy.conf")
    print(sum(Path(path).exists() for path in paths))
host_files.activate = activate
def place(work):
    [step] = [one for one in plan._host_files(work.seen, work.release) if isinstance(one, HostFiles)]
    host_files.host_files(work, step)
    there()
machine.state.mkdir(parents=True)
place(work)
shutil.rmtree(machine.backup)
# It is live now
live = machine.releases / work.release.name
shutil.copytree("release", live)
(machine.state / "edge").mkdir()
machine.routes("routes.yaml").write_text(f"# generation 1\\n# release {live.name} 1\\n")
read = json.loads(Path("next/release.json").read_text())
files = [one for one in read["files"] if "berth-proxy" not in one["path"]]
Path("next/release.json").write_text(json.dumps({**read, "name": "next", "files": files}))
place(work_in("next"))
host_files.restore(machine)
there()
END`);
  expect(said).toBe(
    `activates authorities docker\n3\n${'activates authorities docker\n0\n'}${'activates authorities docker\n3\n'}`,
  );
});
