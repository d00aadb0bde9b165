import { expect, test } from 'vitest';
import { engineCommand } from '../../../../../src/render/paths.ts';
import { eventually } from '../../../../../test/e2e/client.ts';
import { inMachine } from '../../../../../test/e2e/stack.ts';
import type { Scene } from './scene.ts';
import { versionIn, visits } from './visits.ts';

const file = (revision: string, before: string, upgrade: string, downgrade = 'pass') => ({
  [`migrations/versions/${revision}.py`]: `from alembic import op

revision = "${revision}"
down_revision = "${before}"


def upgrade() -> None:
    ${upgrade}


def downgrade() -> None:
    ${downgrade}
`,
});

const add = (column: string) => `op.execute("ALTER TABLE dataset ADD COLUMN ${column} text")`;
const drop = (column: string) => `op.execute("ALTER TABLE dataset DROP COLUMN ${column}")`;

/** Schema and code: neither goes without the other */
export function migrations(scene: () => Scene): void {
  const machine = (script: string): Promise<string> => inMachine(scene().stack, script);
  const serves = async () => versionIn((await scene().site.get('/')).body);
  const alembic = (words: string) =>
    machine(`${engineCommand('catalogage', 'run')} server venv/bin/python -m alembic ${words} 2>&1`);
  const schema = async () => /^\d{4}/m.exec(await alembic('current'))?.[0];
  const columns = () =>
    machine(`${engineCommand('catalogage', 'run')} server venv/bin/python -c '
import asyncio, asyncpg
from server import settings
async def main():
    one = await asyncpg.connect(settings.DATABASE_URL.replace("+asyncpg", ""))
    print(*[row[0] for row in await one.fetch("SELECT column_name FROM information_schema.columns WHERE table_name = $$dataset$$ ORDER BY 1")])
asyncio.run(main())'`);
  const deploy = async (version: string, files: Readonly<Record<string, string>>) => {
    const commit = await scene().repository.commit(version, files);
    await scene().stack.configure({ ref: commit });
    return scene().stack.up();
  };
  let five = '';
  const second = file('0002', '0001', add('year'), drop('year'));

  test('a commit is released with its migration, without a failed request', async () => {
    expect(await schema()).toBe('0001');
    const traffic = visits(scene().site, 30);
    const released = await deploy('five', second);
    const { failures, versions } = await traffic.stop();
    expect(released.code, released.output).toBe(0);
    expect(failures).toEqual([]);
    expect(versions.at(-1)).toBe('five');
    five = await scene().repository.head();
    expect([await schema(), await columns()]).toEqual(['0002', 'id title year\n']);
  });

  test('a migration that fails half way leaves old code and old schema, and its last lines are told', async () => {
    const traffic = visits(scene().site, 30);
    const half = `${add('half')}\n    op.execute("ALTER TABLE dataset ADD COLUMN title text")`;
    const refused = await deploy('six', { ...second, ...file('0003', '0002', half) });
    expect((await traffic.stop()).failures).toEqual([]);
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain('column "title" of relation "dataset" already exists');
    expect(refused.output).toContain('job migrate ended with code 1: the new release was not started');
    expect([await serves(), await schema(), await columns()]).toEqual(['five', '0002', 'id title year\n']);
    expect(await machine('ls /run/berth-files')).not.toContain('job-migrate');
  });

  test('killed in its migration, nothing of it goes on, and the next up brings both', async () => {
    const slow = `${add('late')}\n    op.execute("SELECT pg_sleep(6)")`;
    const killed = deploy('six', { ...second, ...file('0003', '0002', slow, drop('late')) });
    const running = () => machine('pgrep -u catalogage-job-migrate-1 || true');
    await eventually(120, running, (found) => /\d/.test(String(found)));
    await machine('kill -9 $(systemctl show --property MainPID --value berth-converge.service)');
    expect((await killed).output).toContain('killed before its end');
    expect([await serves(), await running()]).toEqual(['five', '']);
    const healed = await scene().stack.up();
    expect(healed.code, healed.output).toBe(0);
    expect([await serves(), await schema()]).toEqual(['six', '0003']);
  });

  test('the way back is refused while the schema is newer than the commit, and goes once it was taken down', async () => {
    const back = async () => {
      await scene().stack.configure({ ref: five });
      return scene().stack.up();
    };
    const refused = await back();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/Can't locate revision identified by '0003'/);
    expect([await serves(), await schema()]).toEqual(['six', '0003']);
    await alembic('downgrade 0002');
    const { code, output } = await back();
    expect(code, output).toBe(0);
    expect([await serves(), await schema(), await columns()]).toEqual(['five', '0002', 'id title year\n']);
  });
}
