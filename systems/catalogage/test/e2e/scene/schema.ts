import { engineCommand } from '../../../../../src/render/paths.ts';
import { inMachine, type Run } from '../../../../../test/e2e/stack.ts';
import type { Scene } from './scene.ts';
import { versionIn } from './visits.ts';

/** A file of a migration */
export const file = (
  revision: string,
  before: string,
  upgrade: string,
  downgrade = 'pass',
): Readonly<Record<string, string>> => ({
  [`migrations/versions/${revision}.py`]: `from alembic import op

revision = "${revision}"
down_revision = "${before}"


def upgrade() -> None:
    ${upgrade}


def downgrade() -> None:
    ${downgrade}
`,
});

export const add = (column: string): string => `op.execute("ALTER TABLE dataset ADD COLUMN ${column} text")`;
export const drop = (column: string): string => `op.execute("ALTER TABLE dataset DROP COLUMN ${column}")`;

/** What tests of migrations ask and do */
interface Schema {
  serves(): Promise<string | undefined>;
  alembic(words: string): Promise<string>;
  /** The revision at which the database is */
  revision(): Promise<string | undefined>;
  columns(): Promise<string>;
  /** Commits a version with further files and releases it */
  deploy(version: string, files: Readonly<Record<string, string>>): Promise<Run>;
}

export function schemaOf(scene: () => Scene): Schema {
  const machine = (script: string): Promise<string> => inMachine(scene().stack, script);
  const alembic = (words: string) =>
    machine(`${engineCommand('catalogage', 'run')} server venv/bin/python -m alembic ${words} 2>&1`);
  return {
    alembic,
    serves: async () => versionIn((await scene().site.get('/')).body),
    revision: async () => /^\d{4}/m.exec(await alembic('current'))?.[0],
    columns: () =>
      machine(`${engineCommand('catalogage', 'run')} server venv/bin/python -c '
import asyncio, asyncpg
from server import settings
async def main():
    one = await asyncpg.connect(settings.DATABASE_URL.replace("+asyncpg", ""))
    print(*[row[0] for row in await one.fetch("SELECT column_name FROM information_schema.columns WHERE table_name = $$dataset$$ ORDER BY 1")])
asyncio.run(main())'`),
    async deploy(version, files) {
      const commit = await scene().repository.commit(version, files);
      await scene().stack.configure({ ref: commit });
      return scene().stack.up();
    },
  };
}
