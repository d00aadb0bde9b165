import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Blueprint } from '../../src/model/blueprint.ts';
import type { Environment } from '../../src/model/environment.ts';
import { reachability } from '../../src/model/matrix.ts';
import type { DeclaredResource } from '../../src/policy/recorded.ts';
import { declaredOnAws } from '../stack/awsProgram.ts';
import { read, stackOf, systemNames, withSecrets } from '../stack/samples.ts';
import { type Account, openAccount } from './aws/account.ts';
import { rulesOf } from './aws/groups.ts';
import { kinds, type Live, live } from './aws/live.ts';
import { certificate, everything } from './aws/sample.ts';
import { runOn } from './run.ts';

// Every resource that a program declares for AWS becomes the calls that its provider makes, against moto.

let aws: Account;
beforeAll(async () => {
  aws = await openAccount();
}, 600_000);
afterAll(() => aws?.close());
beforeEach(() => aws.empty());

const made = new Set<string>();

/** Everything was taken, and is there as it was declared */
async function expectThere(world: Live, declared: readonly DeclaredResource[]): Promise<void> {
  expect(world.refused).toEqual([]);
  expect([...aws.lacking]).toEqual([]);
  const { wanted, there } = await world.compared(declared);
  expect(there).toEqual(wanted);
  for (const { type } of declared) made.add(type);
}

/** What the groups of an account let in, in the words of `openOf`: by role, cache or balancer */
async function inAccount({ system }: Blueprint, declared: readonly DeclaredResource[]): Promise<readonly string[]> {
  const groups = declared.filter(({ type }) => type.endsWith(':SecurityGroup'));
  const names = new Map(groups.map(({ id, name }) => [id, name.replace(`${system}-`, '')]));
  const rules = await Promise.all(groups.map(({ id }) => rulesOf(aws, id)));
  return rules
    .flat()
    .filter(({ IsEgress }) => !IsEgress)
    .map(({ GroupId, CidrIpv4, ReferencedGroupInfo, ...rule }) => {
      const from = CidrIpv4 ?? names.get(ReferencedGroupInfo?.GroupId ?? '');
      return `${from} → ${names.get(GroupId)} ${rule.FromPort}-${rule.ToPort}/${rule.IpProtocol}`;
    })
    .sort();
}

/** What `berth matrix` prints */
const openOf = (blueprint: Blueprint, operators: Environment['operators']): readonly string[] => {
  const rows = reachability(blueprint, operators).flatMap(({ from, to, port, protocol }) => {
    const all = { internet: ['0.0.0.0/0'], role: 'role' in from ? [from.role] : [] }[from.kind as string];
    const callers = all ?? ('networks' in from ? from.networks : []);
    return callers.map((caller) => `${caller} → ${to.role} ${port}-${port}/${protocol}`);
  });
  return [...new Set(rows)].sort();
};

/** What berth opens for log streams, which no rule of a blueprint names */
const ofLogs = (line: string): boolean => / → [a-z-]+-logs 443-443\/tcp$/.test(line);

describe.each(systemNames)('%s, moved to aws', (system) => {
  test.each(['preprod', 'prod'])(
    'in %s: all is accepted, is there as declared, and opens what the matrix says',
    async (environment) => {
      const world = live(aws);
      const own = system === 'mad' ? { certificate: await certificate(aws, 'mad.berth.test') } : {};
      const stack = withSecrets(stackOf(system, 'aws', {}, own));
      const declared = await runOn(world, stack, environment);
      await expectThere(world, declared);
      const { blueprints, environment: about } = read(stack, environment);
      const [blueprint] = blueprints as readonly [Blueprint];
      const open = await inAccount(blueprint, declared);
      expect(open.filter((line) => !ofLogs(line))).toEqual(openOf(blueprint, about.operators));
    },
  );
});

test('a system with everything that aws has is accepted, and is there as declared', async () => {
  const world = live(aws);
  const { declared } = await declaredOnAws(await everything(aws, world));
  await expectThere(world, declared);
  expect(Object.keys(kinds).filter((type) => !made.has(type))).toEqual([]);
});

test.each(['sg', 'internal'])(
  'a system whose name begins as AWS does not allow (%s) has other names there',
  async (system) => {
    const world = live(aws);
    const given = await everything(aws, world);
    await declaredOnAws({ ...given, blueprint: { ...given.blueprint, system } });
    expect(world.refused).toEqual([]);
  },
);
