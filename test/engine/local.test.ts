import { expect, test } from 'vitest';
import { type BucketAccess, makeBucket } from '../../src/clouds/local/provider/s3.ts';
import { operations } from './engine.ts';
import {
  address,
  describeLocal,
  images,
  type LocalStack,
  localStack,
  machineOf,
  makeLeftover,
  outputs,
  receiverOf,
  USER_DATA_SECRET,
  type Wanted,
} from './local-cloud.ts';
import { docker, environmentOf, openPorts, thingsNamed, until } from './local-docker.ts';

describeLocal('a local stack', (stack) => {
  test('a preview makes nothing, and knows the network', async () => {
    await stack().want(everything(stack()));
    const preview = await stack().run('preview', { args: ['--diff'] });
    expect(preview.code, preview.output).toBe(0);
    expect(await thingsNamed(stack().prefix)).toEqual([]);
    expect(preview.output).toMatch(/subnet *: "10\.213\.\d+\.0\/24"/);
    expect(preview.output).toMatch(/address *: "10\.213\.\d+\.10"/);
  });

  test('an up makes machines that answer on their ssh port, and receivers that work', async () => {
    const up = await stack().run('up');
    expect(up.code, up.output).toBe(0);
    const state = await outputs(stack());
    await until(async () => (await openPorts(address(state, 'web'), [22])).length === 1);
    const access = await bucketAccess(stack());
    expect(await makeBucket(access)).toBe(true);
    expect(await makeBucket({ ...access, secretKey: 'wrong' })).toBe(false);
    expect(state.logs).toMatchObject({ host: address(state, 'logs'), port: 9200, scheme: 'http' });
    // Of the directory, and of what it issues
    expect(String(state.acme?.caCertificate).match(/^-----BEGIN CERTIFICATE-----$/gm)).toHaveLength(2);
    expect(state.registry?.endpoint).toBe('registry.berth.test:5000');
  });

  test('a second up changes nothing, and asks docker nothing', async () => {
    const up = await stack().run('up', { env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' } });
    expect(up.code, up.output).toBe(0);
    expect(new Set(Object.values(operations(up)))).toEqual(new Set(['same']));
  });

  test('the state holds no secret in clear', async () => {
    const { accessKey, secretKey } = await bucketAccess(stack());
    const text = await stack().stateText();
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
    const state = await outputs(stack());
    for (const path of hidden) {
      const [name = '', property = ''] = path.split('.');
      expect(state[name]?.[property], path).toHaveProperty('ciphertext');
    }
  });

  test('what was removed, stopped or opened behind its back is noticed by a refresh and mended by the next up', async () => {
    const before = await outputs(stack());
    const access = await bucketAccess(stack());
    await docker('rm', '--force', `${stack().prefix}-bucket`, `${stack().prefix}-peer`);
    await docker('stop', '--time', '1', `${stack().prefix}-registry`, `${stack().prefix}-third`);
    await docker('exec', `${stack().prefix}-web`, '/.cloud/nft', 'flush', 'chain', 'inet', 'cloud', 'input');
    const refresh = await stack().run('refresh');
    expect(refresh.code, refresh.output).toBe(0);
    const up = await stack().run('up');
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
    const after = await outputs(stack());
    expect(await bucketAccess(stack())).toEqual(access);
    expect(await makeBucket(access)).toBe(true);
    expect(await docker('inspect', '--format', '{{.State.Status}}', `${stack().prefix}-third`)).toBe('running');
    expect(await openPorts(address(after, 'web'), [22, 5432])).toEqual([22]);
    expect(await docker('exec', `${stack().prefix}-web`, '/.cloud/nft', 'list', 'table', 'inet', 'cloud')).toContain(
      'dport 22',
    );
    expect(address(after, 'peer')).toBe(address(before, 'peer'));
  });

  test('a replaced machine keeps its address, and new user data alone replaces none', async () => {
    const before = await outputs(stack());
    const changed = everything(stack());
    Object.assign(changed.web?.inputs ?? {}, { hostname: 'web-other' });
    Object.assign(changed.third?.inputs ?? {}, { userData: '#cloud-config\n{}\n' });
    await stack().want(changed);
    const up = await stack().run('up');
    expect(up.code, up.output).toBe(0);
    expect(replaced(operations(up))).toEqual(['web']);
    expect(operations(up)).toMatchObject({ third: 'same' });
    const after = await outputs(stack());
    expect(address(after, 'web')).toBe(address(before, 'web'));
    expect(after.web?.containerId).not.toBe(before.web?.containerId);
    expect(await docker('exec', `${stack().prefix}-web`, 'hostname')).toBe('web-other');
  });

  test('two stacks side by side have networks of their own', async () => {
    const other = await localStack();
    try {
      await other.want({ network: { type: 'Network', inputs: { name: other.prefix } } });
      const up = await other.run('up');
      expect(up.code, up.output).toBe(0);
      expect((await outputs(other)).network?.subnet).not.toBe((await outputs(stack())).network?.subnet);
    } finally {
      await other.run('destroy');
      await other.remove();
    }
    expect(await thingsNamed(other.prefix)).toEqual([]);
  });

  test('a destroy leaves no container, network or volume, not even of an interrupted run', async () => {
    await makeLeftover(stack(), 'unknown');
    const destroy = await stack().run('destroy');
    expect(destroy.code, destroy.output).toBe(0);
    expect(await thingsNamed(stack().prefix)).toEqual([]);
  });
});

/** One of each kind; `follower` is to be made again whenever `peer` is. */
function everything({ prefix, folder }: LocalStack): Record<string, Wanted> {
  const rules = [{ protocol: 'tcp', port: 22, sources: ['0.0.0.0/0'] }];
  return {
    network: { type: 'Network', inputs: { name: prefix } },
    key: { type: 'SshKey', inputs: { comment: 'web' } },
    web: machineOf(prefix, 'web', 10, { aliases: ['web.berth.test'], rules }),
    peer: machineOf(prefix, 'peer', 12),
    follower: { type: 'SshKey', inputs: { comment: 'follower' }, options: { replaceWith: ['peer'] } },
    third: machineOf(prefix, 'third', 13),
    registry: receiverOf(prefix, 'Registry', 'registry', 2, images.registry, {
      aliases: ['registry.berth.test'],
      data: folder,
    }),
    bucket: receiverOf(prefix, 'Bucket', 'bucket', 3, images.objectStore, { bucketName: 'photos' }),
    logs: receiverOf(prefix, 'LogReceiver', 'logs', 4, images.logReceiver),
    acme: receiverOf(prefix, 'AcmeServer', 'acme', 5, images.acme, { aliases: ['acme.berth.test'] }),
  };
}

async function bucketAccess(stack: LocalStack): Promise<BucketAccess> {
  const { endpoint, region, bucket } = (await outputs(stack)).bucket ?? {};
  const { ROOT_ACCESS_KEY: accessKey = '', ROOT_SECRET_KEY: secretKey = '' } = await environmentOf(
    `${stack.prefix}-bucket`,
  );
  return { endpoint: String(endpoint), region: String(region), bucket: String(bucket), accessKey, secretKey };
}

const replaced = (operations: Record<string, string>) =>
  Object.keys(operations)
    .filter((name) => /replace/.test(operations[name] ?? ''))
    .sort();
