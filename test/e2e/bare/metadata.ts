import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';

/** The cloud's metadata address, which serves a machine's user data with its private host key */
export function metadataAddress(scene: () => Scene): void {
  test('only root reads it: neither other users nor containers', async () => {
    const { peers, machine } = scene();
    await peers.stranger.run(
      'ip address add 169.254.169.254/32 dev eth0; cd /usr/share/base-files; nohup python3 -m http.server 80 --bind 169.254.169.254 >/dev/null 2>&1 &',
    );
    await machine(`ip route add 169.254.169.254/32 dev eth0; curl ${retried} --output /dev/null ${url}`);
    expect(await answers(scene())).toEqual({ ...all('000'), root: '200' });

    // Without the machine's own firewall table everybody can
    await machine('nft delete table inet berth');
    expect(await answers(scene())).toEqual(all('200'));
    await machine('systemctl restart berth-firewall; ip route delete 169.254.169.254/32');
  });
}

const url = 'http://169.254.169.254/dot.bashrc';
const retried = '--silent --fail --max-time 20 --retry 20 --retry-all-errors --retry-delay 1 --retry-max-time 60';
const curl = `curl --silent --max-time 20 --output /dev/null --write-out '%{http_code}' ${url} || true`;
const python = `
import urllib.request
try:
    print(urllib.request.urlopen('${url}', timeout=20).status, end='')
except OSError:
    print('000', end='')
`;

const backend = '"$(docker ps --quiet --filter label=berth.service=backend)"';
const inContainer = (words: string): string => `docker ${words} python3 - <<'EOF'${python}EOF`;

const askedBy = {
  root: curl,
  'the user who deploys': `runuser -u berth -- ${curl}`,
  nobody: `runuser -u nobody -- ${curl}`,
  'a service': inContainer(`exec --interactive ${backend}`),
  'root in a container on the default network': inContainer(
    `run --rm --interactive --user 0 --entrypoint "" "$(docker inspect --format '{{.Image}}' ${backend})"`,
  ),
};

const all = (status: string): Record<string, string> =>
  Object.fromEntries(Object.keys(askedBy).map((who) => [who, status]));

async function answers({ machine }: Scene): Promise<Record<string, string>> {
  const asked = Object.entries(askedBy).map(async ([who, ask]) => [who, await machine(ask)]);
  return Object.fromEntries(await Promise.all(asked));
}
