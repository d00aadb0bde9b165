import { expect, test } from 'vitest';
import { awsProblems } from '../../../../src/clouds/aws/problems.ts';
import { clouds } from '../../../../src/clouds/registry.ts';
import { blueprintProblems } from '../../../../src/config/cloudChecks.ts';
import { loadEnvironment } from '../../../../src/config/load.ts';
import type { Balancer, Blueprint } from '../../../../src/model/blueprint.ts';
import basegun from '../../../../systems/basegun/system.ts';
import mad from '../../../../systems/mad/system.ts';
import { environment } from '../../../environment.ts';
import { role, blueprint as shop } from '../../render/fixtures.ts';

const blueprint = (given: Partial<Blueprint>): Blueprint => shop({ roles: {}, ...given });

const region = 'eu-west-2';
const certificate = `arn:aws:acm:${region}:210987654321:certificate/12345678-1234-1234-1234-210987654321`;

const entry = {
  cloud: 'aws',
  region: 'eu-west-2',
  version: '3.3.0',
  domain: 'basegun.berth.test',
  tls: 'acme',
  contact: 'ops@berth.test',
  web: { size: 't3.small' },
};

const machine = { size: 't3.micro', diskGb: 10 };
const options = {
  ...{ version: 'v1.0.0', contact: 'ops@berth.test', redis: { size: 'cache.t4g.micro' } },
  ...{ domains: { api: 'api.mad.berth.test', web: 'mad.berth.test' } },
  ...{ api: machine, balancer: machine, web: machine, client: machine },
};

const load = (secrets: Record<string, string>, cloud: object = entry) =>
  loadEnvironment(
    {
      stack: 'preprod',
      source: 'Pulumi.preprod.yaml',
      config: {
        'berth:operators': {
          networks: ['100.64.1.0/24'],
          sshPublicKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/ ada'],
        },
        'berth:systems': { basegun: cloud },
        'berth:secrets': { deployKey: 'key', ...secrets },
      },
    },
    { basegun },
    clouds,
  ).environment;

test('a log stream on aws asks for its password like for any secret, with the line that sets it', () => {
  expect(load({ 'basegun/appPassword': 'x' }).systems.basegun?.cloud).toBe('aws');
  expect(() => load({})).toThrow(
    /berth:secrets\["basegun\/appPassword"\][\s\S]*is missing: the password of log stream app/,
  );
  expect(() => load({})).toThrow(/pulumi config set --secret --path 'berth:secrets\["basegun\/appPassword"\]'/);
});

test('elsewhere it is a secret that nothing reads', () => {
  const openstack = { ...entry, cloud: 'openstack', region: 'GRA7', web: { size: 's1-2' } };
  expect(() => load({ 'basegun/appPassword': 'x' }, openstack)).toThrow(/appPassword[\s\S]*is not used by any system/);
});

test('a secret is named after its stream', () => {
  const streams = blueprint({ logStreams: [{ name: 'access-logs' }] });
  expect(Object.keys(clouds.aws?.secrets?.(streams, environment) ?? {})).toEqual(['accessLogsPassword']);
  expect(clouds.azure).not.toHaveProperty('secrets');
});

test("another cloud's region is said before anything is asked of AWS", () => {
  const elsewhere = { ...entry, region: 'GRA7' };
  expect(() => load({ 'basegun/appPassword': 'x' }, elsewhere)).toThrow(
    /berth:systems\.basegun\.region[\s\S]*GRA7[\s\S]*is not a region of cloud aws[\s\S]*such as eu-west-2/,
  );
  expect(load({ 'basegun/appPassword': 'x' }, { ...entry, region: 'us-gov-west-1' }).name).toBe('preprod');
});

const volume = { sizeGb: 20 };

test.each([
  ['t3.micro', {}, undefined],
  ['g4dn.xlarge', {}, undefined],
  ['u-6tb1.metal', {}, undefined],
  ['t2.micro', {}, undefined],
  ['t3.micro', { volume }, undefined],
  ['t2.micro', { volume }, /too old to find its data volume/],
  ['m4.large', { volume }, /too old/],
  ['t4g.micro', {}, /ARM processors/],
  ['c7gn.large', {}, /ARM processors/],
  ['a1.large', {}, /ARM processors/],
  ['s1-2', {}, /is not a size of cloud aws/],
])('a machine of size %s %j', (size, given, wrong) => {
  const problems = awsProblems(blueprint({ roles: { web: role({ size, ...given }) } }), region);
  if (!wrong) expect(problems).toEqual([]);
  else
    expect(problems).toEqual([expect.objectContaining({ path: 'berth:systems.shop.web.size', value: `\`${size}\`` })]);
  expect(problems[0]?.message ?? '').toMatch(wrong ?? /^$/);
});

test.each([
  ['cache.t4g.micro', undefined],
  ['t4g.micro', /is not a size of a cache of cloud aws/],
])('a cache of size %s', (size, wrong) => {
  const problems = awsProblems(blueprint({ caches: [{ name: 'redis', inItsPlace: role({ size }) }] }), region);
  expect(problems.map(({ path }) => path)).toEqual(wrong ? ['berth:systems.shop.redis.size'] : []);
  expect(problems[0]?.message ?? '').toMatch(wrong ?? /^$/);
});

test('a former password is accepted only where there is a password', () => {
  const cache = { name: 'redis', acceptFormerPassword: true, inItsPlace: role({ size: 'cache.t4g.micro' }) };
  expect(awsProblems(blueprint({ caches: [{ ...cache, password: 'redisPassword' }] }), region)).toEqual([]);
  expect(awsProblems(blueprint({ caches: [cache] }), region)).toEqual([
    expect.objectContaining({ path: 'berth:systems.shop.redis.acceptFormerPassword' }),
  ]);
  const wanted = { ...options, redis: { ...options.redis, acceptFormerPassword: true } };
  expect(mad.blueprint(mad.options.parse(wanted), environment).caches).toMatchObject([{ acceptFormerPassword: true }]);
});

test("the cloud's balancer asks for a certificate", () => {
  const balancer = {
    ...{ name: 'front', domain: 'shop.berth.test', role: 'web', port: 80, healthPath: '/', sticky: false },
    inItsPlace: role({}),
  };
  expect(awsProblems(blueprint({ balancers: [{ ...balancer, certificate }] }), region)).toEqual([]);
  expect(awsProblems(blueprint({ balancers: [balancer] }), region)).toEqual([
    expect.objectContaining({
      path: 'berth:systems.shop.certificate',
      message: expect.stringMatching(/is missing.*HTTPS/),
    }),
  ]);
});

test("a balancer's certificate of another region is refused, with both regions", () => {
  const balancer: Balancer = {
    ...{
      name: 'front',
      domain: 'shop.berth.test',
      role: 'web',
      port: 80,
      sticky: false,
      healthPath: '/',
      certificate,
    },
    inItsPlace: role({}),
  };
  const systems = {
    shop: { cloud: 'aws', region: 'eu-west-3', restartEdge: false, allowDestroy: false, options: {} },
  } as const;
  const problems = blueprintProblems(blueprint({ balancers: [balancer] }), { ...environment, systems }, 'aws', clouds);
  expect(problems).toEqual([
    expect.objectContaining({
      path: 'berth:systems.shop.certificate',
      value: `\`${certificate}\``,
      message: "is a certificate of region eu-west-2, and a balancer of region eu-west-3 can't serve it",
    }),
  ]);
});

test.each([
  ['cache.m1.small', /too old to encrypt/],
  ['cache.t1.micro', /too old to encrypt/],
  ['cache.r6gd.xlarge', /part of its data on disk/],
])('a cache of size %s is refused', (size, message) => {
  const problems = awsProblems(blueprint({ caches: [{ name: 'redis', inItsPlace: role({ size }) }] }), region);
  expect(problems).toEqual([expect.objectContaining({ message: expect.stringMatching(message) })]);
});
