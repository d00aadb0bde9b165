import { convergeCommand } from '../../src/hosts/commands.ts';
import { rootPassword, secrets } from '../../systems/lostops/test/e2e/secrets.ts';
import type { Measure } from '../../tools/lib/figures.ts';
import { berthOn } from '../e2e/berth.ts';
import { lastRelease } from '../e2e/byHand.ts';
import { inMachine, systemStack, type TestStack } from '../e2e/stack.ts';
import { againOnHost } from './converge.ts';
import { figure, secondsOf } from './samples.ts';

/**
 * Lostops' three local machines with nothing to do; and a gigabyte of rows in their MySQL, backed up and restored
 * beside itself, by the commands of a person
 */
export const measure: Measure = async ({ log }) => {
  const stack = await lostops();
  try {
    const up = await stack.up();
    if (up.code !== 0) throw new Error(up.output);
    const again = await unchanged(stack, log);
    log(`a gigabyte of rows was written in ${await secondsOf(() => sql(stack, gigabyte))} s`);
    const size = await sql(
      stack,
      "SELECT SUM(data_length) FROM information_schema.tables WHERE table_schema = 'lostops'",
    );
    log(`its tables take ${size.trim()} bytes`);
    const backup = await secondsOf(() => berth(stack, log, 'backup', 'lostops'));
    const restored = await secondsOf(() => berth(stack, log, 'restore', 'lostops', '--into', 'beside'));
    return [
      figure('nothing to do on three machines, on the hosts in all', again, 's', 1.5),
      figure('1 GB of MySQL backed up', [backup], 's'),
      figure('1 GB of MySQL restored', [restored], 's', 60),
    ];
  } finally {
    await stack.remove();
  }
};

const rounds = 6;

/** The seconds of each round, of all machines together */
async function unchanged(stack: TestStack, log: (line: string) => void): Promise<number[]> {
  const of: number[][] = [];
  for (const machine of ['app-0', 'database-0', 'monitoring-0']) {
    const release = await lastRelease(stack, `lostops-${machine}`);
    of.push(await againOnHost(stack, release, convergeCommand, rounds, log, machine));
  }
  return Array.from({ length: rounds }, (_, round) => of.reduce((sum, one) => sum + (one[round] ?? Number.NaN), 0));
}

/** Texts that differ and can be compressed, as letters do; each statement doubles the rows, to 2 ** 19 of 1,920 bytes */
const text = Array.from({ length: 20 }, () => 'REPEAT(MD5(RAND()), 3)').join(', ');
const gigabyte = [
  'USE lostops',
  'CREATE TABLE posts (id INT AUTO_INCREMENT PRIMARY KEY, author INT, body TEXT, KEY (author))',
  `INSERT INTO posts (author, body) VALUES (1, CONCAT(${text}))`,
  ...Array.from(
    { length: 19 },
    () => `INSERT INTO posts (author, body) SELECT RAND() * 9999, CONCAT(${text}) FROM posts`,
  ),
].join('; ');

const sql = (stack: TestStack, statements: string): Promise<string> =>
  inMachine(
    stack,
    `docker exec --env MYSQL_PWD='${rootPassword}' lostops-base-mysql-1 mysql --user root --socket /var/run/mysqld/mysqld.sock --skip-column-names --execute "${statements}"`,
    'database-0',
  );

async function berth(
  stack: TestStack,
  log: (line: string) => void,
  command: string,
  ...words: string[]
): Promise<void> {
  const { code, stdout, stderr } = await berthOn(stack, [command, stack.place.stack, ...words]);
  log(`${stdout}${stderr}`);
  if (code !== 0) throw new Error(`berth ${command} ended with ${code}: ${stdout}${stderr}`);
}

const lostops = (): Promise<TestStack> =>
  systemStack({
    name: 'lostops',
    entry: {
      ...{ cloud: 'local', version: '1.0.0', domain: 'lostops.localhost', contact: 'ops@example.org' },
      ...{ app: { size: 'small' }, database: { size: 'medium' }, monitoring: { size: 'medium' }, backups: {} },
    },
    secrets: {
      ...secrets,
      backupsPassword: 'the-backups-0123456789',
    },
  });
