import { afterAll, beforeAll, expect, test } from 'vitest';
import { kept, openPage } from '../../../../test/e2e/browser.ts';
import { type Client, client, eventually, picture, plain } from '../../../../test/e2e/client.ts';
import { drift, meddlings, traces } from '../../../../test/e2e/drift.ts';
import {
  containerId,
  hostState,
  leftOf,
  releaseUrn,
  resourcesOf,
  secretTexts,
  whereSecretsCouldBe,
} from '../../../../test/e2e/inspect.ts';
import { load } from '../../../../test/e2e/load.ts';
import { networkOf } from '../../../../test/e2e/reach.ts';
import {
  inMachine,
  machineContainer,
  type SystemOutputs,
  stateText,
  stdoutOf,
  type TestStack,
  testStack,
} from '../../../../test/e2e/stack.ts';

let stack: TestStack;
let outputs: SystemOutputs;
let address: string;
let site: Client;
const previewed: string[] = [];

beforeAll(async () => {
  stack = await testStack();
  const preview = await stack.pulumi('preview', '--diff', '--non-interactive');
  expect(preview.code, preview.output).toBe(0);
  const first = await stack.up();
  expect(first.code, first.output).toBe(0);
  previewed.push(preview.output, first.output);
  outputs = await stack.outputs();
  address = outputs.machines['basegun-web-0']?.publicAddress ?? '';
  site = await client(stack, address);
});

afterAll(async () => {
  site?.close();
  await stack?.remove();
});

const answering = (version: string) =>
  eventually(
    20,
    () => site.get('/api/version'),
    (answer) => answer.status === 200 && answer.body === version,
  );

test('the site answers over HTTPS with a certificate of the authority, and plain HTTP is sent there', async () => {
  expect(await answering('3.3.0')).toMatchObject({ status: 200, body: '3.3.0' });
  const page = await site.get('/anything/a/person/types');
  expect(page).toMatchObject({ status: 200 });
  expect(page.body).toContain('<html');
  expect(page.headers['strict-transport-security']).toContain('max-age=63072000');
  expect(await plain(address, '/')).toMatchObject({ status: 301, headers: { location: 'https://basegun.localhost/' } });
});

test("a picture that is posted is classified, lies in the bucket, and its log line is in the stream with the stream's token", async () => {
  const answer = await site.post('/api/upload', { name: 'photo.bmp', data: picture() });
  expect(answer).toMatchObject({ status: 200 });
  expect(JSON.parse(answer.body)).toMatchObject({
    label: expect.any(String),
    confidence_level: expect.stringMatching(/low|medium|high/),
  });
  const { host, port } = outputs.logs.app ?? { host: '', port: '' };
  const search = `http://${host}:${port}/ldp-logs/_search?q=short_message:"Upload to OVH successful"`;
  const found = await eventually(
    30,
    async () => JSON.parse(await stdoutOf('curl', ['-s', encodeURI(search)])),
    (hits) => hits.hits?.total.value > 0,
  );
  expect(found.hits.hits[0]._source).toMatchObject({
    'X-OVH-TOKEN': expect.stringMatching(/^\w{20,}$/),
    _bg_version: '3.3.0',
  });
  const key = new URL(found.hits.hits[0]._source._bg_image_url).pathname;
  expect(key).toMatch(/uploaded-images\/e2e-.*\.bmp$/);
  // Private: whoever has only the address does not get it
  expect(
    await stdoutOf('curl', [
      '-s',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      `${outputs.buckets.uploads?.endpoint}${key}`,
    ]),
  ).toBe('403');
});

test('a person opens the site, chooses a photo, has it identified, and is told of one that is too large', async () => {
  const page = await openPage(stack, 'https://basegun.localhost/', { hosts: { 'basegun.localhost': address } });
  try {
    const text = (id: string) =>
      page.evaluate(
        `document.getElementById('${id}').checkVisibility() && document.getElementById('${id}').textContent`,
      );
    expect(
      await eventually(
        20,
        () => text('version'),
        (version) => version === '3.3.0',
      ),
    ).toBe('3.3.0');
    await page.choose('#photo', 'photo.bmp', 'image/bmp', picture());
    await page.click('button[type=submit]');
    expect(
      await eventually(
        20,
        () => text('level'),
        (level) => Boolean(level),
      ),
    ).toMatch(/low|medium|high|confidence/i);
    expect(await text('label')).toMatch(/\w/);
    expect(await text('problem')).toBe(false);
    await kept(page, 'basegun');
    await page.choose('#photo', 'large.bmp', 'image/bmp', Buffer.alloc(5_500_000));
    await page.click('button[type=submit]');
    expect(
      await eventually(
        20,
        () => text('problem'),
        (problem) => problem !== false,
      ),
    ).toMatch(/larger than 5 MB/);
    const errors = await page.errors();
    // The browser tells of the answer 413 by itself
    expect(errors.filter((error) => !error.includes('413'))).toEqual([]);
  } finally {
    await page.close();
  }
});

test('a body of more than 5 MB is refused, and the requests of others are nowhere to be read', async () => {
  expect(await site.post('/api/upload', { name: 'large.bmp', data: Buffer.alloc(5_500_000) })).toMatchObject({
    status: 413,
  });
  for (const path of ['/api/logs', '/api//logs', '/api/%6cogs', '/api/./logs', '/api/logs/']) {
    expect(await site.get(path), path).toMatchObject({ status: 404 });
  }
});

test('a second up changes nothing, on the graph and on the host', async () => {
  const before = await hostState(stack);
  const second = await stack.up('--expect-no-changes');
  expect(second.code, second.output).toBe(0);
  expect(await hostState(stack)).toBe(before);
});

test('a new version is released without a failed request, and changes only what changed', async () => {
  const shipper = await containerId(stack, 'filebeat');
  const edge = await containerId(stack, 'traefik');
  await stack.configure({ version: '3.3.1' });
  const traffic = load(site, 50);
  const release = await stack.up();
  await answering('3.3.1');
  const result = await traffic.stop();
  expect(release.code, release.output).toBe(0);
  expect(result.failures).toEqual([]);
  expect(result.versions).toEqual(['3.3.0', '3.3.1']);
  expect(result.requests).toBeGreaterThan(300);
  expect(await containerId(stack, 'filebeat')).toBe(shipper);
  expect(await containerId(stack, 'traefik')).toBe(edge);
  expect((await stack.outputs()).version).toBe('3.3.1');
});

test('the way back is the same way, and the frontend alone changes when it alone has changed', async () => {
  await stack.configure({ version: '3.3.0' });
  expect(await stack.up()).toMatchObject({ code: 0 });
  expect(await answering('3.3.0')).toMatchObject({ body: '3.3.0' });
  const backend = await containerId(stack, 'backend');
  const frontend = await containerId(stack, 'frontend');
  await stack.configure({ images: { frontend: 'ghcr.io/datalab-mi/basegun/basegun-frontend:3.3.1' } });
  expect(await stack.up()).toMatchObject({ code: 0 });
  expect(await containerId(stack, 'backend')).toBe(backend);
  expect(await containerId(stack, 'frontend')).not.toBe(frontend);
  expect(await site.get('/api/version')).toMatchObject({ status: 200, body: '3.3.0' });
});

test("the shipper's registry outlives releases: no line is shipped twice", async () => {
  await site.post('/api/upload', { name: 'photo.bmp', data: picture() });
  const { host, port } = outputs.logs.app ?? { host: '', port: '' };
  // An upload's second line is written a moment after its answer: both numbers are read together until they agree
  const numbers = async () => ({
    shipped: JSON.parse(await stdoutOf('curl', ['-s', `http://${host}:${port}/ldp-logs/_count`])).count as number,
    written: Number(await inMachine(stack, 'cat /var/log/berth/basegun/backend/*/log.json* | wc -l')),
  });
  const last = await eventually(30, numbers, ({ shipped, written }) => shipped === written);
  expect(last.shipped).toBe(last.written);
  expect(last.written).toBeGreaterThan(0);
});

test('a machine as its release left it differs in nothing, and the look at it leaves no trace', async () => {
  // A first login makes what every login makes, and a certificate that is asked for comes later
  await answering('3.3.0');
  expect(await drift(stack)).toEqual([]);
  const before = await traces(stack);
  expect(await drift(stack)).toEqual([]);
  expect(await traces(stack)).toBe(before);
});

test("Debian's nftables.service takes our rules away at no start, reload or stop, and the edge is nobody special", async () => {
  // In the place of its flush: as far as our rules go it is the same, and others' stay
  const flush = ['Start', 'Reload', 'Stop'].map(
    (when) => `Exec${when}=\nExec${when}=-/usr/sbin/nft delete table inet berth`,
  );
  const folder = '/etc/systemd/system/nftables.service.d';
  await inMachine(
    stack,
    `printf '%s\n' '[Service]' '${flush.join("' '").replaceAll('\n', "' '")}' >${folder}/aa-test.conf; systemctl daemon-reload`,
  );
  const rules = 'nft list table inet berth | grep -c "dport 22"';
  for (const what of ['start', 'reload', 'stop'])
    expect(await inMachine(stack, `systemctl ${what} nftables.service; ${rules}`), what).toBe('1\n');
  await inMachine(stack, `rm ${folder}/aa-test.conf; systemctl daemon-reload`);
  expect(await inMachine(stack, 'ps -o uid= -C traefik | tr -d " "')).toBe('10080\n');
  expect(await drift(stack)).toEqual([]);
});

test.each(Object.entries(meddlings))('%s, changed by hand, is told, and that alone', async (_, meddling) => {
  await inMachine(stack, meddling.by);
  try {
    expect(await drift(stack)).toEqual(meddling.told);
  } finally {
    await inMachine(stack, meddling.undone);
  }
});

test('what somebody changed by hand on the machine is put right by the next up, and what works goes on', async () => {
  await inMachine(
    stack,
    'echo "PermitRootLogin yes" > /etc/ssh/sshd_config.d/01-berth.conf; docker rm -f basegun-base-filebeat-1; ' +
      'nft insert rule inet berth input tcp dport 4711 accept; systemctl disable berth-firewall',
  );
  // A bundle that is the same is not sent again by `up`: the drift is found by whatever runs the release next
  const healed = await stack.pulumi(
    'up',
    '--yes',
    '--skip-preview',
    '--non-interactive',
    '--target-replace',
    await releaseUrn(stack),
  );
  expect(healed.code, healed.output).toBe(0);
  expect(await inMachine(stack, 'cat /etc/ssh/sshd_config.d/01-berth.conf')).toContain('PermitRootLogin no');
  expect(await inMachine(stack, 'nft list table inet berth')).toContain('dport 22');
  expect(await drift(stack)).toEqual([]);
  expect(await containerId(stack, 'filebeat')).not.toBe('');
  expect(await site.get('/api/version')).toMatchObject({ status: 200 });
});

test('a file with mistakes stops everything: all of them are told, and no resource is touched', async () => {
  const before = [await stateText(stack), await hostState(stack)];
  await stack.configure({ version: 'latest', domain: 'no domain', colour: 'blue' });
  const refused = await stack.up();
  await stack.configure({ version: '3.3.0', domain: 'basegun.localhost', colour: undefined });
  expect(refused.code).not.toBe(0);
  for (const told of ['berth:systems.basegun.version', '`latest` is a mutable tag', '`no domain`', 'basegun.colour']) {
    expect(refused.output).toContain(told);
  }
  expect(refused.output).not.toMatch(/at .*\.ts:\d+|unhandled/);
  expect([resourcesOf(await stateText(stack)), await hostState(stack)]).toEqual([
    resourcesOf(before[0] ?? ''),
    before[1],
  ]);
});

test('no secret is in the outputs, the previews, the state, user data, command texts, process lists or readable files', async () => {
  const secrets = await secretTexts(stack);
  expect(secrets.length).toBeGreaterThan(5);
  const places = await whereSecretsCouldBe(stack);
  for (const [place, content] of Object.entries({ ...places, 'what the engine printed': previewed.join('\n') })) {
    for (const secret of secrets) expect(content.includes(secret), `${place} holds a secret`).toBe(false);
  }
});

test("a machine that was deleted behind the engine's back is noticed by refresh, made again at its address, and serves; a certificate that it was refused is asked for again", async () => {
  await stdoutOf('docker', ['rm', '--force', '--volumes', await machineContainer(stack)]);
  const refresh = await stack.pulumi('refresh', '--yes', '--skip-preview', '--non-interactive');
  expect(refresh.code, refresh.output).toBe(0);
  const reconnected = await disconnected('acme');
  const again = await stack.up();
  expect(again.code, again.output).toBe(0);
  expect((await stack.outputs()).machines['basegun-web-0']?.publicAddress).toBe(address);
  const missing = /certificate of basegun\.localhost is missing/;
  expect(again.output).toMatch(missing);
  expect(await drift(stack)).toEqual([
    { kind: 'certificate', what: 'basegun.localhost', difference: expect.stringMatching(/^is missing: .+/) },
  ]);
  await reconnected();
  // What its timer starts
  await inMachine(
    stack,
    'systemctl is-active berth-certificate-basegun.timer && systemctl start berth-certificate-basegun',
  );
  expect(await answering('3.3.0')).toMatchObject({ status: 200, body: '3.3.0' });
  expect(
    await eventually(
      30,
      () => drift(stack),
      (found) => found.length === 0,
    ),
  ).toEqual([]);
});

/** Takes what the local cloud has in a cloud's place off the stack's network; gives what puts it back where it was */
async function disconnected(what: string): Promise<() => Promise<unknown>> {
  const { name: network } = await networkOf(stack);
  const container = `${network}-${what}`;
  const place = `{{with index .NetworkSettings.Networks "${network}"}}{{.IPAddress}}{{range .Aliases}} {{.}}{{end}}{{end}}`;
  const [ip = '', ...aliases] = (await stdoutOf('docker', ['inspect', '--format', place, container])).trim().split(' ');
  await stdoutOf('docker', ['network', 'disconnect', network, container]);
  const names = aliases.flatMap((alias) => ['--alias', alias]);
  return () => stdoutOf('docker', ['network', 'connect', '--ip', ip, ...names, network, container]);
}

test('taken down, it leaves no container, network or volume', async () => {
  const destroyed = await stack.pulumi('destroy', '--yes', '--skip-preview', '--non-interactive');
  expect(destroyed.code, destroyed.output).toBe(0);
  expect(await leftOf(stack)).toEqual([]);
});
