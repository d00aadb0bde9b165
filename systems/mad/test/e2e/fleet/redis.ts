import { expect, test } from 'vitest';
import { eventually } from '../../../../../test/e2e/client.ts';
import { inMachine, machineContainer, stdoutOf, type TestStack } from '../../../../../test/e2e/stack.ts';
import { roleIn } from '../../redisRole.ts';

const names = ['redis-0', 'redis-1', 'redis-2'] as const;
type Name = (typeof names)[number];

export interface RedisScene {
  stack: TestStack;
  /** Words that ask the Redis of a machine */
  cli: string;
  /** Clients that the API knows now */
  clients(): Promise<readonly string[]>;
  /** Deploys with other options of the Redis */
  deploy(options: object): Promise<void>;
}

/** What three machines of Redis do when their master fails, and in a release */
export function redisMembers(scene: () => RedisScene): void {
  const role = async (machine: Name): Promise<string> =>
    roleIn(await inMachine(scene().stack, `${scene().cli} --raw role || true`, machine).catch(() => ''));

  /** The only master of some machines; all others follow it */
  async function master(among: readonly Name[] = names): Promise<Name> {
    const roles = () => Promise.all(among.map(role));
    const settled = (found: readonly string[]) =>
      [...found].sort().join() === ['master', ...among.slice(1).map(() => 'replica')].join();
    const found = await eventually(90, roles, settled);
    expect(settled(found), found.join()).toBe(true);
    return among[found.indexOf('master')] as Name;
  }

  test('the machine of the master is killed: another one is soon the master, and the first comes back as a replica', async () => {
    const killed = await master();
    const others = names.filter((name) => name !== killed);
    const container = await machineContainer(scene().stack, killed);
    const began = Date.now();
    await stdoutOf('docker', ['kill', container]);
    try {
      const known = () =>
        scene()
          .clients()
          .catch((): string[] => []);
      expect((await eventually(60, known, ({ length }) => length > 0)).length).toBeGreaterThan(0);
      console.info(`the machine of the master was killed: the API knew clients after ${(Date.now() - began) / 1000} s`);
      expect(others).toContain(await master(others));
    } finally {
      await stdoutOf('docker', ['start', container]);
    }
    expect(others).toContain(await master());
  });

  test('a release of its three machines, one after another, leaves one master and every record', async () => {
    const cli = (machine: Name, words: string) => inMachine(scene().stack, `${scene().cli} --raw ${words}`, machine);
    await cli(await master(), 'set kept "by all"');
    const containers = () =>
      Promise.all(
        names.map((name) => inMachine(scene().stack, 'docker ps -q --filter label=berth.service=redis', name)),
      );
    const before = await containers();
    await scene().deploy({ memoryMb: 600 });
    const after = await containers();
    for (const [index, id] of after.entries()) expect(id).not.toBe(before[index]);
    expect((await cli(await master(), 'get kept')).trim()).toBe('by all');
    for (const name of names) expect((await cli(name, 'get kept')).trim()).toBe('by all');
  });
}
