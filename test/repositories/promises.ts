import { randomBytes } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { required } from '../render/docker.ts';
import { type Disk, diskOf, type Repository, ran, resticImage } from './restic.ts';

const data = randomBytes(300_000).toString('base64');

const kept = { KEEP: '--keep-last 1' };

/** What backups promise, whatever servers keep them */
export function promisesOf(repository: () => Repository): void {
  beforeEach(async (context) => void required(await resticImage(), context));

  test('a backup is taken, encrypted, and restored, and what is older than is kept is let go', async () => {
    const own = await begun(repository(), 'shop-backups');
    const first = await ran(repository(), own, 'take', { data });
    expect(first.code, first.output).toBe(0);
    const restored = await ran(repository(), own, 'restore');
    expect(restored.code, restored.output.slice(0, 500)).toBe(0);
    expect(restored.output).toContain(data);
    expect(await ran(repository(), own, 'take', { data: 'the second', env: kept })).toMatchObject({ code: 0 });
    expect(await listed(repository(), own)).toHaveLength(1);
    expect((await ran(repository(), own, 'restore')).output).toContain('the second');
    const objects = await repository().objects('shop-backups');
    expect(Object.keys(objects)).toContain('config');
    for (const part of ['the second', 'mysql', 'shop']) expect(Object.values(objects).join()).not.toContain(part);
  }, 180_000);

  test('what is wrong is told apart, loses nothing, and a new repository is begun only where that is asked for', async () => {
    const own = await begun(repository(), 'gone');
    expect(await ran(repository(), own, 'take', { data })).toMatchObject({ code: 0 });
    const wrong = { code: 1, output: expect.stringContaining('the password is not that of the repository') };
    expect(await ran(repository(), own, 'take', { data, password: 'another' })).toMatchObject(wrong);
    const refused = { code: 1, output: expect.stringContaining("the repository can't be read") };
    // As long as a key of Azure, and in its alphabet
    const key = Buffer.from('another'.repeat(9)).toString('base64');
    expect(await ran(repository(), own, 'take', { data, key })).toMatchObject(refused);
    expect(await listed(repository(), own)).toHaveLength(1);
    await repository().lose('gone');
    await repository().make('gone');
    const lost = { code: 1, output: expect.stringContaining('the repository is gone, with the former backups') };
    expect(await ran(repository(), own, 'take', { data })).toMatchObject(lost);
    expect(await ran(repository(), own, 'take', { data, env: { NEW: 'yes' } })).toMatchObject({ code: 0 });
    expect(await listed(repository(), own)).toHaveLength(1);
  }, 180_000);
}

async function begun(repository: Repository, bucket: string): Promise<Disk> {
  await repository.make(bucket);
  return diskOf(bucket);
}

async function listed(repository: Repository, disk: Disk): Promise<readonly { short_id: string }[]> {
  const { code, output } = await ran(repository, disk, 'list');
  expect(code, output).toBe(0);
  return JSON.parse(output.split('\n').find((line) => line.startsWith('[')) ?? '');
}
