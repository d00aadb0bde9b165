import { expect, test } from 'vitest';
import { welcome } from '../../../src/cli/local/welcome.ts';
import type { Service } from '../../../src/model/service.ts';
import { messageOfTheDay } from '../../../src/render/motd.ts';
import { container, machineInput, supervised } from './fixtures.ts';

const inputOf = (services: Service[]): string => messageOfTheDay(machineInput({ services }));

test('who logs in to a machine reads what is where, each by a command that this user may run', () => {
  const text = inputOf([container()]);
  expect(text.split('\n')[0]).toMatch(/^shop-\w+-0 is managed by berth/);
  expect(text).toContain('sudo docker ps');
  expect(text).toContain('sudo journalctl -t berth');
  expect(text).not.toContain('supervisorctl');
  expect(inputOf([supervised()])).toContain('sudo supervisorctl status');
  expect(inputOf([supervised()])).not.toContain('docker');
});

test.each([
  ['the message of the day', inputOf([container(), supervised()])],
  ['the hint after a local deployment', welcome({})],
])('%s names no program of root without sudo', (_what, text) => {
  const bare = [...text.matchAll(/(?<!sudo )\b(?:docker|journalctl|supervisorctl|nft) /g)];
  expect(bare.map(([word]) => word)).toEqual([]);
  expect(text).toMatch(/sudo (docker|journalctl)/);
});
