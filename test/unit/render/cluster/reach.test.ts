import { expect, test } from 'vitest';
import { reaching } from '../../../../src/render/cluster/reach.ts';
import { clusterSettings } from '../../../clusterSettings.ts';
import { read, stackOf } from '../../../stack/samples.ts';

const of = (system: 'lostops' | 'mad', role: string) => {
  const blueprint = read(stackOf(system, 'kubernetes'), 'preprod').blueprints[0];
  if (!blueprint) throw new Error('no blueprint');
  return reaching({ blueprint, settings: clusterSettings, images: { 'tools:1': 'registry.test/tools:1' } }, role);
};

test('who calls another role waits until its Service takes a connection, by an image of the own registry', () => {
  expect(of('lostops', 'app')).toMatchObject([
    {
      name: 'reach',
      image: 'registry.test/tools:1',
      args: ['database:3306'],
      command: ['sh', '-c', expect.any(String), 'reach'],
    },
  ]);
  expect(of('mad', 'api')).toMatchObject([{ args: ['redis:6379'] }]);
});

test('who calls none does not wait', () => {
  expect(of('lostops', 'database')).toEqual([]);
});
