import { expect, test } from 'vitest';
import { berthOn } from '../../../../../test/e2e/berth.ts';
import { inMachine } from '../../../../../test/e2e/stack.ts';
import type { Scene } from './scene.ts';

/** The file of the scene's environment, a secret */
export const firstData = JSON.stringify({
  datasets: [{ params: { title: 'Lighthouses' } }, { params: { title: 'Rivers' } }],
});

/** The job that loads it */
export function firstDatas(scene: () => Scene): void {
  const load = () => berthOn(scene().stack, ['run', scene().stack.place.stack, 'catalogage', 'initdata']);
  const titles = async (): Promise<string[]> =>
    JSON.parse((await scene().site.get('/api/datasets/')).body).map(({ title }: { title: string }) => title);

  test('first data is loaded when it is asked for, and once more changes nothing', async () => {
    expect(await titles()).toEqual(['Forests of France', 'Lighthouses']);
    const first = await load();
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toContain('ok: Lighthouses\ncreated: Rivers\n');
    expect(await titles()).toEqual(['Forests of France', 'Lighthouses', 'Rivers']);
    expect((await load()).stdout).toContain('ok: Rivers\n');
    expect(await titles()).toHaveLength(3);
    expect(await inMachine(scene().stack, 'ls /run/berth-files')).not.toContain('initdata');
  });
}
