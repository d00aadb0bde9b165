import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BucketAccess, makeBucket } from '../../src/plugins/local/s3.ts';
import { dockerObstacle } from '../../tools/lib/docker.ts';
import { operations } from './engine.ts';
import {
  docker,
  environmentOf,
  images,
  type LocalStack,
  localStack,
  makeLeftover,
  openPorts,
  openPortsFrom,
  outputs,
  prepareLocalCloud,
  thingsNamed,
  type Wanted,
} from './local-cloud.ts';

const obstacle = await dockerObstacle();
const title = obstacle === undefined ? 'local machines' : `local machines, skipped: ${obstacle}`;

describe.skipIf(obstacle !== undefined)(title, { timeout: 120_000 }, () => {
  let stack: LocalStack;
  let wanted: Record<string, Wanted>;

  beforeAll(async () => {
    await prepareLocalCloud();
    stack = await localStack();
    wanted = firstStack(stack);
    await stack.want(wanted);
  }, 1_200_000);

  afterAll(async () => {
    await stack?.run('destroy');
    await stack?.remove();
  }, 120_000);

  test('a preview makes nothing, and knows the network', async () => {
    const preview = await stack.run('preview', { args: ['--diff'] });
    expect(preview.code, preview.output).toBe(0);
    expect(await thingsNamed(stack.prefix)).toEqual([]);
    expect(preview.output).toMatch(/subnet *: "10\.213\.\d+\.0\/24"/);
    expect(preview.output).toMatch(/address *: "10\.213\.\d+\.10"/);
  });

  test('an up makes machines that answer on their ssh port, and receivers that work', async () => {
    const up = await stack.run('up');
    expect(up.code, up.output).toBe(0);
    const state = await outputs(stack);
    await until(async () => (await openPorts(address(state, 'web'), [22])).length === 1);
    const access = await bucketAccess(stack);
    expect(await makeBucket(access)).toBe(true);
    expect(await makeBucket({ ...access, secretKey: 'wrong' })).toBe(false);
    expect(state.logs).toMatchObject({ host: address(state, 'logs'), port: 9200, scheme: 'http' });
    expect(state.acme?.caCertificate).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(state.registry?.endpoint).toBe('registry.berth.test:5000');
  });

  test('a second up changes nothing, and asks docker nothing', async () => {
    const up = await stack.run('up', { env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' } });
    expect(up.code, up.output).toBe(0);
    expect(new Set(Object.values(operations(up)))).toEqual(new Set(['same']));
  });

  test('the state holds no secret in clear', async () => {
    const { accessKey, secretKey } = await bucketAccess(stack);
    const text = await stack.stateText();
    for (const value of [accessKey, secretKey, USER_DATA_SECRET, 'BEGIN OPENSSH PRIVATE KEY']) {
      expect(text).not.toContain(value);
    }
    const hidden = [
      'bucket.secretKey',
      'bucket.accessKey',
      'logs.password',
      'logs.token',
      'key.privateKey',
      'web.userData',
    ];
    const state = await outputs(stack);
    for (const path of hidden) {
      const [name = '', property = ''] = path.split('.');
      expect(state[name]?.[property], path).toHaveProperty('ciphertext');
    }
  });

  test('the first boot reads its user data, which nobody but root may', async () => {
    const folder = '/var/lib/cloud/seed/nocloud';
    await docker('exec', `${stack.prefix}-web`, 'cloud-init', 'status', '--wait');
    expect(await docker('exec', `${stack.prefix}-web`, 'cat', '/etc/greeting')).toBe(USER_DATA_SECRET);
    expect(await docker('exec', `${stack.prefix}-web`, 'stat', '--format', '%a %U', `${folder}/user-data`)).toBe(
      '600 root',
    );
    expect(await docker('inspect', `${stack.prefix}-web`)).not.toContain(USER_DATA_SECRET);
  });

  test('a machine is reached on the ports that its rules name, by their sources alone', async () => {
    const web = `${stack.prefix}-web`;
    const host = address(await outputs(stack), 'web');
    await docker('exec', web, 'sh', '-c', PUBLISHED_SERVICE);
    for (const port of [80, 5432, 9000])
      await docker('exec', '--detach', web, 'python3', '-m', 'http.server', `${port}`);
    await until(async () => (await openPortsFrom(web, '127.0.0.1', [80, 5432, 9000])).length === 3);
    const ports = [22, 80, 5432, 8080, 8081, 9000];
    await until(async () => (await openPortsFrom(`${stack.prefix}-peer`, host, [8080])).length === 1);
    expect(await openPortsFrom(`${stack.prefix}-peer`, host, ports)).toEqual([22, 8080, 9000]);
    expect(await openPorts(host, ports)).toEqual([22, 80]);
  });

  test('new rules and another size are set on the running machine', async () => {
    const before = await outputs(stack);
    const { web } = wanted;
    if (!web) throw new Error('no web');
    const rules = [{ protocol: 'tcp', port: 5432, sources: ['0.0.0.0/0'] }];
    wanted = { ...wanted, web: { ...web, inputs: { ...web.inputs, rules, memoryMb: 1024 } } };
    await stack.want(wanted);
    const up = await stack.run('up');
    expect(up.code, up.output).toBe(0);
    expect(operations(up)).toMatchObject({ web: 'update', peer: 'same' });
    const after = await outputs(stack);
    expect(after.web?.containerId).toBe(before.web?.containerId);
    expect(await openPorts(address(after, 'web'), [22, 80, 5432])).toEqual([5432]);
    expect(await docker('inspect', '--format', '{{.HostConfig.Memory}}', `${stack.prefix}-web`)).toBe(
      `${1024 * 2 ** 20}`,
    );
  });

  test('a reboot keeps the firewall', async () => {
    const web = `${stack.prefix}-web`;
    await docker('restart', web);
    await docker('exec', '--detach', web, 'python3', '-m', 'http.server', '5432');
    await until(async () => (await openPortsFrom(web, '127.0.0.1', [22, 5432])).length === 2);
    expect(await openPorts(address(await outputs(stack), 'web'), [22, 5432])).toEqual([5432]);
  });

  test('what was removed, stopped or opened behind its back is noticed by a refresh and mended by the next up', async () => {
    const before = await outputs(stack);
    const access = await bucketAccess(stack);
    await docker('rm', '--force', `${stack.prefix}-bucket`, `${stack.prefix}-peer`);
    await docker('stop', '--time', '1', `${stack.prefix}-registry`, `${stack.prefix}-third`);
    await docker('exec', `${stack.prefix}-web`, '/.cloud/nft', 'flush', 'chain', 'inet', 'cloud', 'input');
    const refresh = await stack.run('refresh');
    expect(refresh.code, refresh.output).toBe(0);
    const up = await stack.run('up');
    expect(up.code, up.output).toBe(0);
    expect(operations(up)).toMatchObject({
      bucket: 'update',
      registry: 'update',
      web: 'update',
      third: 'update',
      logs: 'same',
    });
    // A machine made anew takes along what must be made again with it
    expect(replaced(operations(up))).toEqual(['follower', 'peer']);
    const after = await outputs(stack);
    expect(await bucketAccess(stack)).toEqual(access);
    expect(await makeBucket(access)).toBe(true);
    expect(await docker('inspect', '--format', '{{.State.Status}}', `${stack.prefix}-third`)).toBe('running');
    expect(await openPorts(address(after, 'web'), [5432])).toEqual([5432]);
    expect(await docker('exec', `${stack.prefix}-web`, '/.cloud/nft', 'list', 'table', 'inet', 'cloud')).toContain(
      '5432',
    );
    expect(address(after, 'peer')).toBe(address(before, 'peer'));
  });

  test('a replaced machine keeps its address, and new user data alone replaces none', async () => {
    const before = await outputs(stack);
    const { web, third } = wanted;
    if (!web || !third) throw new Error('no web');
    wanted = {
      ...wanted,
      web: { ...web, inputs: { ...web.inputs, hostname: 'web-other' } },
      third: { ...third, inputs: { ...third.inputs, userData: '#cloud-config\n{}\n' } },
    };
    await stack.want(wanted);
    const up = await stack.run('up');
    expect(up.code, up.output).toBe(0);
    expect(replaced(operations(up))).toEqual(['web']);
    expect(operations(up)).toMatchObject({ third: 'same' });
    const after = await outputs(stack);
    expect(address(after, 'web')).toBe(address(before, 'web'));
    expect(after.web?.containerId).not.toBe(before.web?.containerId);
    expect(await docker('exec', `${stack.prefix}-web`, 'hostname')).toBe('web-other');
  });

  test('each refusal says what is wrong and what to do, and leaves nothing behind', async () => {
    const listener = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => listener.once('listening', resolve));
    const port = listener.address();
    if (port === null || typeof port === 'string') throw new Error('no port');
    await docker('create', '--name', `${stack.prefix}-stranger`, images.machine);
    await makeLeftover(stack, 'leftover');
    await stack.want({
      ...wanted,
      published: machineOf(stack.prefix, 'published', 21, { publish: [{ machinePort: 80, hostPort: port.port }] }),
      stranger: machineOf(stack.prefix, 'stranger', 22),
      doubled: machineOf(stack.prefix, 'doubled', 10),
      imageless: machineOf(stack.prefix, 'imageless', 23, { image: 'berth/none:0' }),
      leftover: machineOf(stack.prefix, 'leftover', 24),
    });
    const up = await stack.run('up', { args: ['--continue-on-error'] });
    listener.close();
    // Still there: what is not ours is not removed
    await docker('rm', `${stack.prefix}-stranger`);
    expect(up.code).not.toBe(0);
    expect(up.output).toContain(`port ${port.port} of 127.0.0.1 is already taken on this machine`);
    expect(up.output).toContain('choose another under "publish" in Pulumi.local.yaml');
    expect(up.output).toContain(`the container name ${stack.prefix}-stranger is taken by one that berth did not make`);
    expect(up.output).toMatch(/-doubled: its address is already taken on its network/);
    expect(up.output).toContain('No such image: berth/none:0');
    expect(up.output).toContain('npm run local');
    const things = await thingsNamed(stack.prefix);
    expect(things.filter((name) => /published|stranger|doubled|imageless|-firewall/.test(name))).toEqual([]);
    // What an interrupted run of the same resource left is no stranger's
    expect(Object.keys(await outputs(stack))).toContain('leftover');
  });

  test('inputs that cannot be are refused before anything is made, each with its path', async () => {
    const rules = [
      { protocol: 'tcp', port: 70_000, sources: ['0.0.0.0/0'] },
      { protocol: 'tcp', port: 22, sources: ['everyone; drop'] },
    ];
    // A secret of a wrong kind must not be shown for it
    const inputs = { rules, memory: 1, image: '', userData: [USER_DATA_SECRET] };
    await stack.want({ ...wanted, wrong: machineOf(stack.prefix, 'wrong', 25, inputs) });
    const up = await stack.run('preview');
    expect(up.code).not.toBe(0);
    for (const path of ['rules.0.port', 'rules.1.sources.0', 'image', 'memory', 'userData'])
      expect(up.output).toContain(path);
    expect(up.output).not.toContain(USER_DATA_SECRET);
  });

  test('Ctrl-C ends a wait at once and takes back what was half made', async () => {
    const name = `${stack.prefix}-later`;
    const inputs = { name, network: stack.prefix, address: 'host:26', image: images.bareMachine };
    await stack.want({ ...wanted, later: { type: 'LogReceiver', inputs } });
    const up = stack.start('up');
    await until(async () => (await docker('ps', '--quiet', '--filter', `name=${name}`)) !== '');
    const began = Date.now();
    up.interrupt();
    expect((await up.done).code).not.toBe(0);
    expect(Date.now() - began).toBeLessThan(5000);
    expect(await thingsNamed(name)).toEqual([]);
  });

  test('an engine that does not answer is one sentence', async () => {
    await stack.want(wanted);
    const refresh = await stack.run('refresh', { env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' } });
    expect(refresh.code).not.toBe(0);
    expect(refresh.output).toContain(
      'the docker engine does not answer at /nowhere/docker.sock (ENOENT): start docker, or name its socket',
    );
  });

  test('two stacks side by side have networks of their own', async () => {
    const other = await localStack();
    try {
      await other.want({ network: { type: 'Network', inputs: { name: other.prefix } } });
      const up = await other.run('up');
      expect(up.code, up.output).toBe(0);
      expect((await outputs(other)).network?.subnet).not.toBe((await outputs(stack)).network?.subnet);
    } finally {
      await other.run('destroy');
      await other.remove();
    }
    expect(await thingsNamed(other.prefix)).toEqual([]);
  });

  test('a destroy leaves no container, network or volume, not even of an interrupted run', async () => {
    await makeLeftover(stack, 'unknown');
    const destroy = await stack.run('destroy');
    expect(destroy.code, destroy.output).toBe(0);
    expect(await thingsNamed(stack.prefix)).toEqual([]);
  });
});

const USER_DATA_SECRET = 'only-for-this-machine';

/** A namespace with a server, and what docker does for a published port: traffic to it is forwarded, not input. */
const PUBLISHED_SERVICE = `set -e
ip netns add inner
ip link add docker0 type veth peer name eth0 netns inner
ip addr add 172.30.0.1/24 dev docker0
ip link set docker0 up
ip -n inner addr add 172.30.0.2/24 dev eth0
ip -n inner link set eth0 up
ip -n inner route add default via 172.30.0.1
/.cloud/nft 'add table ip inner; add chain ip inner pre { type nat hook prerouting priority -100; }'
/.cloud/nft 'add rule ip inner pre iifname eth0 tcp dport { 8080, 8081 } dnat to 172.30.0.2:80'
ip netns exec inner python3 -m http.server 80 >/dev/null 2>&1 &`;

function firstStack({ prefix, folder }: LocalStack): Record<string, Wanted> {
  const receiver = (type: string, name: string, host: number, image: string, more = {}): Wanted => ({
    type,
    inputs: { name: `${prefix}-${name}`, network: prefix, address: `host:${host}`, image, ...more },
  });
  const rules = [
    { protocol: 'tcp', port: 22, sources: ['0.0.0.0/0', '10.0.0.0/8'] },
    { protocol: 'tcp', port: 80, sources: ['host:1'] },
    { protocol: 'tcp', port: 8080, sources: ['host:12'] },
    { protocol: 'tcp', port: 9000, sources: ['host:12', '::/0'] },
  ];
  return {
    network: { type: 'Network', inputs: { name: prefix } },
    key: { type: 'SshKey', inputs: { comment: 'web' } },
    web: machineOf(prefix, 'web', 10, { image: images.bareMachine, aliases: ['web.berth.test'], rules }),
    peer: machineOf(prefix, 'peer', 12),
    follower: { type: 'SshKey', inputs: { comment: 'follower' }, options: { replaceWith: ['peer'] } },
    third: machineOf(prefix, 'third', 13),
    registry: receiver('Registry', 'registry', 2, images.registry, { aliases: ['registry.berth.test'], data: folder }),
    bucket: receiver('Bucket', 'bucket', 3, images.objectStore, { bucketName: 'photos' }),
    logs: receiver('LogReceiver', 'logs', 4, images.logReceiver),
    acme: receiver('AcmeServer', 'acme', 5, images.acme, { aliases: ['acme.berth.test'] }),
  };
}

function machineOf(prefix: string, name: string, host: number, more: Record<string, unknown> = {}): Wanted {
  return {
    type: 'Machine',
    inputs: {
      name: `${prefix}-${name}`,
      hostname: name,
      network: prefix,
      address: `host:${host}`,
      image: images.machine,
      firewallImage: images.machine,
      userData: `#cloud-config\nwrite_files: [{path: /etc/greeting, content: ${USER_DATA_SECRET}}]\n`,
      rules: [],
      memoryMb: 768,
      cpus: 64,
      ...more,
    },
  };
}

async function bucketAccess(stack: LocalStack): Promise<BucketAccess> {
  const { endpoint, region, bucket } = (await outputs(stack)).bucket ?? {};
  const { ROOT_ACCESS_KEY: accessKey = '', ROOT_SECRET_KEY: secretKey = '' } = await environmentOf(
    `${stack.prefix}-bucket`,
  );
  return { endpoint: String(endpoint), region: String(region), bucket: String(bucket), accessKey, secretKey };
}

const address = (state: Record<string, Record<string, unknown>>, name: string) => String(state[name]?.address);

const replaced = (operations: Record<string, string>) =>
  Object.keys(operations)
    .filter((name) => /replace/.test(operations[name] ?? ''))
    .sort();

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within 20 s: ${holds}`);
    await sleep(200);
  }
}
