import { expect, test } from 'vitest';
import { credentialProblems } from '../../../src/clouds/credentials.ts';
import { clouds as registry } from '../../../src/clouds/registry.ts';
import { ConfigError } from '../../../src/config/error.ts';
import type { Blueprint } from '../../../src/model/blueprint.ts';
import type { Environment } from '../../../src/model/environment.ts';

const blueprint = (system: string, extra: Partial<Blueprint> = {}): Blueprint => ({
  ...{ system, version: '1.0.0', url: '', probe: { path: '/' }, roles: {}, pins: {}, rules: [] },
  ...{ buckets: [], logStreams: [], caches: [], balancers: [], records: [] },
  ...extra,
});

/** What OVH's own services are needed for */
const uploads: Partial<Blueprint> = { buckets: [{ name: 'uploads', apis: ['s3'] }] };

/** An environment of one small system for each cloud, named after it */
function problems(
  clouds: readonly string[],
  variables: Record<string, string>,
  extra: Partial<Blueprint> = uploads,
  settings: Environment['clouds'] = {},
) {
  const entry = (cloud: string) => ({ cloud, restartEdge: false, allowDestroy: false, options: {} });
  const environment: Environment = {
    ...{ name: 'preprod', operators: { networks: [], sshPublicKeys: [] }, network: '10.64.0.0/20', clouds: settings },
    authority: 'letsencrypt-staging',
    systems: Object.fromEntries(clouds.map((cloud) => [`on-${cloud}`, entry(cloud)])),
  };
  return credentialProblems(
    environment,
    clouds.map((cloud) => blueprint(`on-${cloud}`, extra)),
    registry,
    variables,
  );
}

const paths = (...args: Parameters<typeof problems>) => problems(...args).map(({ path }) => path);

const complete: Readonly<Record<string, Record<string, string>>> = {
  openstack: { OS_AUTH_URL: 'a', OS_USERNAME: 'b', OS_PASSWORD: 'c', OS_PROJECT_ID: 'd' },
  ovh: { OVH_CLIENT_ID: 'a', OVH_CLIENT_SECRET: 'b' },
  azure: { ARM_SUBSCRIPTION_ID: 'a', ARM_TENANT_ID: 'b', ARM_CLIENT_ID: 'c', ARM_CLIENT_SECRET: 'd' },
  aws: { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
};
const everything = Object.assign({}, ...Object.values(complete)) as Record<string, string>;

test('a stack is asked for the clouds that it uses, and for no other', () => {
  expect(problems(['existing', 'local'], {})).toEqual([]);
  expect(paths(['aws'], { ...complete.azure })).toEqual(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']);
  expect(problems(['openstack', 'azure', 'aws', 'existing', 'local'], everything)).toEqual([]);
});

test("OVH's own services want a login where a system uses one", () => {
  const record = { records: [{ name: 'www.basegun.fr', to: { role: 'web', index: 0 } }] };
  const zone = { openstack: { project: '0', network: 'public', dnsZone: 'basegun.fr' } } as const;
  const { openstack = {} } = complete;
  expect(paths(['openstack'], openstack, {})).toEqual([]);
  expect(paths(['openstack'], openstack, record)).toEqual([]);
  for (const found of [
    paths(['openstack'], openstack, uploads),
    paths(['openstack'], openstack, { logStreams: [{ name: 'app' }] }),
    paths(['openstack'], openstack, record, zone),
  ])
    expect(found).toEqual(['OVH_CLIENT_ID', 'OVH_CLIENT_SECRET']);
});

test('everything that is missing is said at once, each with where to get it', () => {
  const found = problems(['openstack', 'azure', 'aws'], {});
  expect(new Set(found.map(({ path }) => path))).toEqual(new Set(Object.keys(everything)));
  for (const { message, fix } of found) {
    expect(message).toMatch(/^is missing: .+, for on-/);
    expect(fix).toBeTruthy();
  }
});

test.each(Object.entries(everything))('%s alone missing is the one problem', (name) => {
  const { [name]: _, ...rest } = everything;
  expect(paths(['openstack', 'azure', 'aws'], rest)).toEqual([name]);
  expect(paths(['openstack', 'azure', 'aws'], { ...rest, [name]: '' }), 'an empty text is none').toEqual([name]);
});

test.each(
  Object.values(registry).flatMap(({ name: cloud, logins }) =>
    Object.entries(logins).flatMap(([provider, { always, ways }]) =>
      ways.map((way) => ({ provider, cloud, way, variables: [...always, ...way.variables] })),
    ),
  ),
)('$provider: $way.name is enough', ({ provider, cloud, variables }) => {
  const others = provider === 'ovh' ? complete.openstack : provider === 'openstack' ? complete.ovh : {};
  const own = Object.fromEntries(variables.map(({ name }) => [name, 'true']));
  expect(problems([cloud], { ...others, ...own })).toEqual([]);
});

test.each([
  ['openstack', { OVH_APPLICATION_KEY: 'x' }, 'OVH_CLIENT_ID, OVH_CLIENT_SECRET, OVH_APPLICATION_KEY'],
  ['openstack', { OVH_ACCESS_TOKEN: 'x' }, 'OVH_CLIENT_ID, OVH_CLIENT_SECRET, OVH_ACCESS_TOKEN'],
  ['azure', { ARM_USE_OIDC: 'true' }, 'ARM_CLIENT_SECRET, ARM_USE_OIDC'],
  ['aws', { AWS_PROFILE: 'x' }, 'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE'],
] as const)('on %s, two ways to log in at once are refused', (cloud, second, path) => {
  const [problem, ...others] = problems([cloud], { ...everything, ...second });
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ path, allowed: 'exactly one' });
  expect(problem?.fix).toContain(`unset ${Object.keys(second)[0]}`);
});

test("an application credential has its project already: the project's id beside it is refused", () => {
  const variables = { OS_AUTH_URL: 'a', OS_APPLICATION_CREDENTIAL_ID: 'b', OS_APPLICATION_CREDENTIAL_SECRET: 'c' };
  expect(problems(['openstack'], { ...complete.ovh, ...variables })).toEqual([]);
  expect(problems(['openstack'], { ...complete.ovh, ...variables, OS_PROJECT_ID: 'd' })[0]?.fix).toBe(
    'for an application credential: unset OS_PROJECT_ID',
  );
});

test('a switch counts when it is true, and what a runner sets by itself tells nothing', () => {
  const { ARM_CLIENT_SECRET: _, ...rest } = complete.azure ?? {};
  expect(paths(['azure'], { ...rest, ARM_USE_OIDC: 'false' })).toEqual(['ARM_CLIENT_SECRET']);
  expect(paths(['azure'], { ...complete.azure, ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x' })).toEqual([]);
  expect(paths(['azure'], { ...rest, ARM_USE_OIDC: 'true' })).toEqual([
    'ARM_OIDC_TOKEN or ARM_OIDC_TOKEN_FILE_PATH or ACTIONS_ID_TOKEN_REQUEST_URL',
  ]);
});

test('no text holds a value', () => {
  const values = Object.fromEntries(Object.keys(everything).map((name) => [name, 'hunter2']));
  const found = [
    ...problems(['openstack', 'azure', 'aws'], { ...values, OVH_ACCESS_TOKEN: 'hunter2', AWS_PROFILE: 'hunter2' }),
    ...problems(['aws'], { AWS_ACCESS_KEY_ID: 'hunter2' }),
  ];
  expect(found).toHaveLength(3);
  expect(JSON.stringify(found)).not.toContain('hunter2');
});

test('the message is one that can be acted upon', () => {
  expect(
    new ConfigError('environment variables', problems(['aws', 'azure'], { AWS_ACCESS_KEY_ID: 'a' })).message,
  ).toMatchInlineSnapshot(`
    "environment variables: 5 problems, nothing was changed

      ARM_SUBSCRIPTION_ID
        is missing: the id of the subscription, for on-azure
        fix: \`az account show\`, its id

      ARM_CLIENT_SECRET
        is missing: the application's secret, for on-azure
        allowed: a service principal, or in its place OpenID Connect (ARM_USE_OIDC, ARM_CLIENT_ID, ARM_TENANT_ID, ARM_OIDC_TOKEN), or a managed identity (ARM_USE_MSI), or your own login (ARM_USE_CLI)
        fix: password of \`az ad sp create-for-rbac --name berth --role Contributor --scopes <the resource group's id>\`

      ARM_CLIENT_ID
        is missing: the id of the application, for on-azure
        fix: appId of \`az ad sp create-for-rbac --name berth --role Contributor --scopes <the resource group's id>\`

      ARM_TENANT_ID
        is missing: the id of the directory, for on-azure
        fix: \`az account show\`

      AWS_SECRET_ACCESS_KEY
        is missing: the secret of the access key, for on-aws
        fix: console, IAM, the user, Security credentials, Create access key"
  `);
});
