import * as pulumi from '@pulumi/pulumi';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadedFor } from '../../src/clouds/load.ts';
import { type FirewallRule as CloudRule, cloudFirewall } from '../../src/clouds/local/provider/firewall.ts';
import { clouds } from '../../src/clouds/registry.ts';
import type { Blueprint, Rule } from '../../src/model/blueprint.ts';
import type { Environment } from '../../src/model/environment.ts';
import { machinesOf } from '../../src/model/machines.ts';
import { reachability } from '../../src/model/matrix.ts';
import { machineFact, machineName } from '../../src/model/names.ts';
import { type DeclaredResource, recorded } from '../../src/policy/recorded.ts';
import { policyItems } from '../../src/render/cluster/policies.ts';
import { firewall } from '../../src/render/firewall.ts';
import { clusterSettings } from '../clusterSettings.ts';
import { blueprintOf, differences, operators, privateAddress, ruleLists } from './rules/asked.ts';
import { clusterDoors } from './rules/cluster.ts';
import { among, type Door, either, within } from './rules/doors.ts';
import { awsDoors, azureDoors, openstackDoors } from './rules/groups.ts';
import { nftDoors } from './rules/nftables.ts';
import { answers, functions, localSettings } from './samples.ts';
import { requestOf, view } from './shop.ts';

const who = { networks: operators, sshPublicKeys: [] };

/** What a cloud declares for a list of rules */
async function declaredOn(name: string, size: string, rules: readonly Rule[], own: Partial<Environment> = {}) {
  const network = { 'berthlocal:index:Network': () => ({ subnet: '10.64.0.0/20', gateway: '10.64.0.1' }) };
  const blueprint = blueprintOf(rules, size);
  const cloud = await loadedFor(clouds, name, blueprint);
  if (cloud.kind === 'cluster') throw new Error(`${name} has no machines`);
  const declared = await recorded('preprod', { ...answers, ...network }, functions);
  cloud.provision(requestOf(name, blueprint, { environment: { operators: who, ...own } }));
  await pulumi.runtime.disconnect();
  return declared;
}

const onOpenstack = (network: 'public' | 'private', rules: readonly Rule[]) =>
  declaredOn('openstack', 's1-2', rules, { clouds: { openstack: { project: 'project', network } } });

/** By the firewall that the local cloud puts before each machine */
const localDoors = (declared: readonly DeclaredResource[]): readonly Door[] =>
  view(declared)
    .typed('Machine')
    .flatMap(({ name, inputs }) => nftDoors(name, cloudFirewall(inputs.rules as readonly CloudRule[])));

/** By the firewall that every machine has of its own */
const hostDoors = (blueprint: Blueprint): readonly Door[] =>
  machinesOf(blueprint).flatMap(({ machine, role }) =>
    nftDoors(
      machineName(machine),
      firewall({
        ...{ blueprint, machine, role, operators: who, deployKey: '', user: 'berth', images: {}, plainRegistries: [] },
        ...{ secrets: {}, secretFacts: [], logins: {}, containerRange: '172.30.192.0/18', restartEdge: false },
        facts: Object.fromEntries(
          machinesOf(blueprint).map(({ machine: { role, index } }) => [
            machineFact(role, index, 'privateAddress'),
            privateAddress(role, index),
          ]),
        ),
      }),
    ),
  );

/** By the policies of a namespace */
const podDoors = (blueprint: Blueprint): readonly Door[] =>
  clusterDoors(
    policyItems(
      {
        ...{ blueprint, environment: 'preprod', facts: {}, secrets: {}, secretFacts: [], images: {}, logins: {} },
        settings: clusterSettings,
      },
      operators,
    ).map(({ manifest }) => manifest),
    blueprint,
  );

/** On machines that somebody else made */
const adopted = (blueprint: Blueprint): Blueprint => ({
  ...blueprint,
  roles: Object.fromEntries(
    Object.entries(blueprint.roles).map(([name, role]) => {
      const host = (index: number) => ({ address: privateAddress(name, index), port: 22, user: 'ada', hostKey: 'key' });
      const hosts = Array.from({ length: role.count }, (_, index) => ({ ...host(index), keepOpen: [] }));
      return [name, { ...role, hosts }];
    }),
  ),
});

/** By what `berth matrix` prints */
const matrixDoors = (blueprint: Blueprint): readonly Door[] =>
  reachability(blueprint, who).flatMap(({ from, to, port, protocol }) => {
    const admits =
      from.kind === 'internet'
        ? within('0.0.0.0/0')
        : from.kind === 'role'
          ? among(from.machines)
          : either(...from.networks.map(within));
    return to.machines.map((machine): Door => ({ to: machine, admits, protocol, ports: [port, port] }));
  });

// Every cloud gets the same lists: the first that fails is told with the seed that makes them again
const seed = Math.floor(Math.random() * 2 ** 31);

test.each<[string, runs: number, doors: (rules: readonly Rule[]) => readonly Door[] | Promise<readonly Door[]>]>([
  ['openstack', 3, async (rules) => openstackDoors(await onOpenstack('public', rules))],
  ['openstack, on a private network', 3, async (rules) => openstackDoors(await onOpenstack('private', rules))],
  ['azure', 3, async (rules) => azureDoors(await declaredOn('azure', 'Standard_B2s', rules))],
  ['aws', 3, async (rules) => awsDoors(await declaredOn('aws', 't3.micro', rules))],
  [
    'local',
    3,
    async (rules) => localDoors(await declaredOn('local', 'small', rules, { prepared: { local: localSettings } })),
  ],
  ['a cluster', 20, (rules) => podDoors(blueprintOf(rules, 'any'))],
  ["a machine's own firewall", 20, (rules) => hostDoors(blueprintOf(rules, 'any'))],
  ["an adopted machine's own firewall", 20, (rules) => hostDoors(adopted(blueprintOf(rules, 'any')))],
  ['berth matrix', 20, (rules) => matrixDoors(blueprintOf(rules, 'any'))],
  ['berth matrix, of adopted machines', 20, (rules) => matrixDoors(adopted(blueprintOf(rules, 'any')))],
])('%s lets in what the list of rules says, whatever the list: nothing less and nothing more', (_, numRuns, doors) =>
  fc.assert(
    fc.asyncProperty(ruleLists, async (rules) => {
      expect(differences(await doors(rules), rules)).toEqual([]);
    }),
    { seed, numRuns },
  ),
);
