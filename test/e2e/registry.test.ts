import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { networkThatAppears } from './beside.ts';
import { makeOutside, type Outside } from './outside.ts';
import { proxied } from './registry/proxied.ts';
import { basegun, configuration, inMachine, machineContainer, run, systemStack, type TestStack } from './stack.ts';

// Images from a private registry (Debian's docker-registry with a login), and through a proxy, the machine's only way to
// other networks

const registry = '127.0.0.1:5001';
const image = `${registry}/private/backend:3.3.1`;
const password = 'right-hunter2-password';
/** Lines of `htpasswd -nbB` for this password and for another */
const lines = {
  right: 'reader:$2b$05$tddaSk6wCBxpRbYpB5vhGulWbx8ElCl/Kzj8jlmisq3I03SKTCC2S',
  other: 'reader:$2b$05$HAXgtYlY5eFWyyrtmUw9W.QyOhgPtjuK4ecwKMpU5Ot/p6mvz6jO6',
};

let stack: TestStack;
let outside: Outside;
let first = '';

beforeAll(async () => {
  outside = await makeOutside();
  const login = { user: 'reader', password: { secret: 'registryPassword' } };
  stack = await systemStack({
    name: 'basegun',
    entry: { ...basegun, registries: { [registry]: login } },
    secrets: { registryPassword: password },
    environment: outside.environment.withoutAuthority,
  });
  const up = stack.up();
  await outside.start(stack, await networkThatAppears(stack), {
    elsewhere: { 'registry.corp.test': 'http://registry.berth.test:5000' },
  });
  const { code, output } = await up;
  expect(code, output).toBe(0);
  first = output;
  await bringRegistry();
});

afterAll(async () => {
  // A network can only be removed after its containers
  await outside?.remove();
  await stack?.remove();
});

/** Loads the registry's image, starts it, and pushes the backend's image to it, which only a pull can bring back */
async function bringRegistry(): Promise<void> {
  const settings = (await configuration(stack))['berth:local'] as { receivers: { registry: string } };
  const machine = await machineContainer(stack);
  const words = `docker save ${settings.receivers.registry} | docker exec --interactive ${machine} docker load`;
  const loaded = await run('bash', ['-o', 'pipefail', '-c', words], process.env);
  expect(loaded.code, loaded.output).toBe(0);
  await inMachine(stack, `docker tag ${settings.receivers.registry} private-registry`);
  await openFor('right');
  await push(`"$(docker inspect --format '{{.Image}}' "$(docker ps --quiet --filter label=berth.service=backend)")"`);
}

/** Pushes an image of the machine under the private name, which only a pull can bring back */
const push = (source: string): Promise<string> =>
  inMachine(
    stack,
    `export DOCKER_CONFIG=/tmp/pushing; docker login --username reader --password-stdin ${registry} <<<${password}
     docker tag ${source} ${image}
     docker push --quiet ${image}; docker image rm ${image}; rm -r /tmp/pushing`,
  );

const openFor = (who: keyof typeof lines): Promise<string> =>
  inMachine(
    stack,
    `mkdir -p /tmp/registry; echo '${lines[who]}' >/tmp/registry/htpasswd; docker rm --force private >/dev/null 2>&1 || true
     docker run --detach --name private --network host --volume /tmp/registry:/auth --volume private:/var/lib/registry \\
       --env REGISTRY_HTTP_ADDR=${registry} --env REGISTRY_AUTH=htpasswd --env REGISTRY_AUTH_HTPASSWD_REALM=private \\
       --env REGISTRY_AUTH_HTPASSWD_PATH=/auth/htpasswd private-registry
     until curl --silent --output /dev/null http://${registry}/v2/; do sleep 0.2; done`,
  );

const backend = (): Promise<string> =>
  inMachine(
    stack,
    `docker inspect --format '{{.Config.Image}}' "$(docker ps --quiet --filter label=berth.service=backend)"`,
  );

test('a login that a registry refuses is reported as such, and the former release still serves', async () => {
  await openFor('other');
  const before = await backend();
  await stack.configure({ images: { backend: image } });
  const failed = await stack.up();
  expect(failed.code).not.toBe(0);
  expect(failed.output).toMatch(
    /error: the login of reader at registry 127\.0\.0\.1:5001 failed: .*401 Unauthorized.* Set the password of the user in registries: again/,
  );
  expect(failed.output).not.toContain(password);
  expect(await backend()).toBe(before);
});

test('with the right login a private image is pulled, and the machine keeps nothing of the login', async () => {
  await openFor('right');
  const released = await stack.up();
  expect(released.code, released.output).toBe(0);
  expect(await backend()).toBe(`${image}\n`);
  const everywhere = 'grep -rlsF -e "$1" -e "$2" /etc /home /root /run /tmp /var/lib/berth /var/log /var/tmp || true';
  const coded = Buffer.from(`reader:${password}`).toString('base64');
  expect(await inMachine(stack, `set -- ${password} ${coded}; ${everywhere}`)).toBe('');
  expect(await inMachine(stack, 'ls -d /run/berth-logins /root/.docker 2>&1 || true')).not.toMatch(/^\//m);
});

test('an image with a digest runs by it, whatever becomes of its tag, and the same release again does nothing', async () => {
  const settled = (await inMachine(stack, `docker image inspect --format '{{index .RepoDigests 0}}' ${image}`)).trim();
  const digest = settled.split('@')[1] ?? '';
  // The tag leads to another image from now on
  await push('private-registry');
  await stack.configure({}, {}, { 'berth:images': { [image]: digest } });
  const released = await stack.up();
  expect(released.code, released.output).toBe(0);
  expect(await backend()).toBe(`${image}@${digest}\n`);
  const again = await stack.up('--expect-no-changes');
  expect(again.code, again.output).toBe(0);
  expect(released.output).not.toContain('without a digest');
  await stack.configure({}, {}, { 'berth:images': {} });
  expect((await stack.pulumi('preview')).output).toMatch(
    /basegun has an image without a digest in berth:images \(127\.0\.0\.1:5001\/private\/backend:3\.3\.1\): npx berth pin/,
  );
  await stack.configure({}, {}, { 'berth:images': { [image]: digest } });
});

const withParts = (script: string): Promise<string> =>
  inMachine(
    stack,
    `cat >/tmp/parts.py <<'EOF'
import sys, time
from pathlib import Path
current = Path("/var/lib/berth/basegun/current")
sys.path.insert(0, str(current / "engine"))
import images
from machine import Machine
from release import read_release
from tell import Refused, Teller
machine = Machine("basegun", Teller([]))
image = next(one for one in read_release(current).images if "traefik" in one)
machine.works("docker", "image", "rm", "--force", image)
images.note_pulled = lambda machine, image: None
def pull():
    try:
        images._pull(machine, image, images._root(machine), (), {})
    except Refused as error:
        print(error)
${script}
EOF
python3 -IB /tmp/parts.py`,
  );

test('the size of an image is requested from its registry, and an image that is too big for the disk is not pulled', async () => {
  const answer = await withParts(`
print(images._download_mb(machine, image, {}))
images._UNPACKED_TIMES = 1000000
pull()`);
  expect(answer).toMatch(
    /^(\d+)\nimage \S+ is a download of \1 MB and takes up to \d+ MB while it is unpacked, and \/var\/lib\/docker has \d+ MB free: nothing was pulled/,
  );
  expect(Number(/^\d+/.exec(answer)?.[0])).toBeGreaterThan(20);
});

test('a pull of unknown size is stopped before it fills the disk', async () => {
  // The pull is slowed down, so that it is still running when the disk is nearly full
  const answer = await withParts(`
slow = Path("/tmp/slow")
slow.mkdir(exist_ok=True)
(slow / "docker").write_text('#!/bin/sh\\n[ "$1" = pull ] && exec sleep 30\\nexec /usr/bin/docker "$@"\\n')
(slow / "docker").chmod(0o755)
machine.env["PATH"] = "/tmp/slow:/usr/sbin:/usr/bin:/sbin:/bin"
images._manifest = lambda *words: None
free = iter([10000])
images.free_mb = lambda place: next(free, 150)
began = time.monotonic()
pull()
print(f"after {time.monotonic() - began:.0f} s")`);
  expect(answer).toMatch(
    /^image \S+ is too large for this machine: its pull was stopped with 150 MB free in \/var\/lib\/docker/,
  );
  expect(answer).toMatch(/after 1?\d s\n$/);
});

describe('a proxy that inspects TLS', () => proxied(() => ({ stack, outside, first, backend })));
