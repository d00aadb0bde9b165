import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Rule } from '../../src/model/blueprint.ts';
import { hostEngine } from '../../src/render/engine.ts';
import { firewall } from '../../src/render/firewall.ts';
import { container, machineInput } from '../unit/render/fixtures.ts';
import { machineImage, required } from './docker.ts';
import { type Machine, startMachine } from './machine.ts';

// A neighbour on the machine's own segment routes packets to its containers: networks of docker are bridges between veths.
// Scenes mostly wait for what is never answered, and are played side by side.

let machine: Machine | undefined;
beforeAll(async () => {
  machine = await startMachine('forwarding', [
    '--cap-add',
    'SYS_ADMIN',
    '--security-opt',
    'apparmor=unconfined',
    '--security-opt',
    'systempaths=unconfined',
  ]);
});
afterAll(() => machine?.remove());

const rule: Rule = { from: { role: 'api' }, to: 'web', port: 3306, protocol: 'tcp', why: 'queries' };
const services = [container({ name: 'database', rollout: 'replace', port: 3306, exposed: 3306 })];
const made = machineInput({ rules: [rule], services });
const host = { address: '192.0.2.1', user: 'ada', port: 22, hostKey: '', keepOpen: [8080] };
const adopted = { ...made.role, hosts: [host] };
const rules = {
  none: '',
  made: firewall(made),
  adopted: firewall({
    ...made,
    role: adopted,
    blueprint: { ...made.blueprint, roles: { ...made.blueprint.roles, web: adopted } },
  }),
};
/** With a folder of its own for what the look writes, and for what another user reads */
const apart = "mkdir -p /etc/berth; unshare --mount bash -c 'mount -t tmpfs none /etc/berth; exec bash scene.sh'";
const scene = readFileSync(new URL('forwarding.sh', import.meta.url), 'utf8');
const reach = readFileSync(new URL('forwarding.py', import.meta.url), 'utf8');

interface Scene {
  rules: keyof typeof rules;
  /** Of docker's network */
  bridge: string;
  /** What the machine's own network card is called: a bridge where others have put it into one. @default eth0 */
  card?: string;
  /** Its way to another network, which is no affair of ours: a bridge where it has another name. @default beside */
  way?: string;
  /** Whether the machine was looked at with docker's network on it, before that was made, or not at all. @default never */
  known?: 'here' | 'later' | 'never';
}

/** Who reaches what: a line for each that got through */
async function reached(given: Scene): Promise<readonly string[]> {
  const { rules: which, bridge, card = 'eth0', way = 'beside', known = 'never' } = given;
  const files = { 'reach.py': reach, 'firewall.nft.conf': rules[which], ...hostEngine() };
  const words = `set -euo pipefail\nbridge=${bridge} card=${card} way=${way} known=${known}`;
  const answer = await machine?.run(apart, { ...files, 'scene.sh': `${words}\n${scene}` });
  expect(answer?.code, answer?.output).toBe(0);
  return answer?.output.split('\n').filter((line) => line.includes(' reaches ')) ?? [];
}

const toClouds = (who: string, ...what: string[]) => what.map((one) => `${who} reaches ${one}`);
const everything = ['the metadata address', "Azure's host", "Azure's DNS"];
const asRoot = toClouds('root', ...everything);
/** On a machine that others use, who asks what of its cloud is theirs to say */
const byAll = ['a container', 'a user', 'root'].flatMap((who) => toClouds(who, ...everything));

const meant = ['a container reaches the outside', 'api reaches the published port with a rule'];
const keptOpen = ['api', 'a stranger'].map((who) => `${who} reaches the published port that is kept open`);

test.concurrent.for<Scene>([...['docker0', 'shop'].map((bridge) => ({ rules: 'made', bridge }) as const)])(
  'nothing but published ports with a rule is reached on a machine of ours: $bridge',
  async (given, context) => {
    required(await machineImage, context);
    const named = ['a container', 'a user'].flatMap((who) => toClouds(who, "Azure's DNS"));
    expect(await reached(given)).toEqual([...meant, ...named, ...asRoot].sort());
  },
);

const calls = 'a container reaches a program of the machine';
const named = 'br-0123456789ab';

// To a network that others named and that came after the last look, the machine's own programs are closed until the next
test.concurrent.for<Scene & { unknown?: true }>([
  { rules: 'adopted', bridge: 'shop', card: 'eth0', known: 'here' },
  { rules: 'adopted', bridge: 'shop', card: 'br0', known: 'here' },
  { rules: 'adopted', bridge: 'shop', card: 'br-lan', known: 'here' },
  { rules: 'adopted', bridge: 'br-shop', card: 'br-lan', known: 'here' },
  { rules: 'adopted', bridge: named, card: 'br0', known: 'here' },
  { rules: 'adopted', bridge: named, card: 'eth0', known: 'never' },
  { rules: 'adopted', bridge: named, card: 'br-lan', known: 'later' },
  { rules: 'adopted', bridge: 'shop', card: 'eth0', known: 'later', unknown: true },
  { rules: 'adopted', bridge: 'shop', card: 'br-lan', known: 'later', unknown: true },
])(
  'on an adopted machine too, where others route as before: $bridge beside a card in $card, looked at with it $known',
  async ({ unknown, ...given }, context) => {
    required(await machineImage, context);
    const asBefore = unknown ? [] : [calls];
    expect(await reached(given)).toEqual(
      [...meant, ...asBefore, ...byAll, ...keptOpen, 'a stranger reaches another network'].sort(),
    );
  },
);

test.concurrent.for<Scene>([
  { rules: 'adopted', bridge: 'shop', card: 'eth0', way: 'lan0', known: 'here' },
  { rules: 'adopted', bridge: 'shop', card: 'br0', way: 'br-lan0', known: 'here' },
])('a bridge that is no network of docker is reached as before: $way from $card', async (given, context) => {
  required(await machineImage, context);
  expect(await reached(given)).toEqual(
    [...meant, calls, ...byAll, ...keptOpen, 'a stranger reaches another network'].sort(),
  );
});

test.concurrent("what comes by the machine's own network is no container's, though docker has a network in it", async (context) => {
  required(await machineImage, context);
  const found = await reached({ rules: 'adopted', bridge: 'br-lan', card: 'br-lan', known: 'here' });
  for (const who of ['api', 'a stranger']) expect(found).not.toContain(`${who} reaches a program of the machine`);
});

test.concurrent("a bridge that the rules would take for docker's by its name is told until they know it", async (context) => {
  required(await machineImage, context);
  const script = `set -euo pipefail; mkdir bin; printf '#!/bin/sh\n' | tee bin/systemctl bin/sleep >bin/docker; chmod +x bin/*
    export PATH=$PWD/bin:$PATH
    bridges() { python3 -I -B -c "import sys; sys.path.insert(0, 'engine'); import bridges, machine, pathlib, tell
machine = machine.Machine('', tell.Teller([]), pathlib.Path.cwd()); $1"; }
    bridges 'bridges.look_at(machine)'
    for name in br-later br-0123456789ab later docker0; do ip link add $name type bridge; done
    echo told $(bridges 'print(*bridges.mistaken(machine))'); bridges 'bridges.look_at(machine)'
    echo then $(bridges 'print(*bridges.mistaken(machine))'); tail -n 1 etc/berth/bridges.nft.conf`;
  const answer = await machine?.run(script, hostEngine());
  expect(answer?.output).toBe('told br-later\nthen\nadd element inet berth others { "br-later","later" }\n');
});

test.concurrent('without rules a neighbour reaches all of it', async (context) => {
  required(await machineImage, context);
  const who = ['api', 'a stranger'].flatMap((name) =>
    [
      'the published port with a rule',
      'the published port that is kept open',
      'the published port without a rule',
      'a program of the machine',
      'a container over IPv4 at 3306',
      'a container over IPv4 at 8080',
      'a container over IPv4 at 5000',
      'a container over IPv6 at 3306',
      'a container over IPv6 at 8080',
      'a container over IPv6 at 5000',
    ].map((what) => `${name} reaches ${what}`),
  );
  expect(await reached({ rules: 'none', bridge: 'docker0' })).toEqual(
    [...who, ...byAll, calls, 'a container reaches the outside', 'a stranger reaches another network'].sort(),
  );
});
