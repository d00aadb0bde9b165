import { expect, test } from 'vitest';
import { onScriptedMachine } from './scripted.ts';

// What works beside the edge (workers, a clock) by the machine's own scripts: it may end what it has begun, and has its memory.

const row = (name: string, memoryMb = 1000): string => `${name}\treplace\t${name}1\t1\t2\t-\t-\t0\t2..\t${memoryMb}\n`;
const files = {
  'state/releases/new/services.tsv': `# head\n${row('worker-0')}`,
  containers: '7 worker-0 worker-01 shop-base running Up\n8 worker-1 worker-11 shop-base running Up\n',
};

test('one that a release no longer has is stopped, not killed', async () => {
  const { code, output, containers } = await onScriptedMachine(files, 'stop_former; cat "$ENGINE/calls" >&3');
  expect(code, output).toBe(0);
  expect(output).toBe('stop 8\nrm 8\n');
  expect(containers).toBe('7 worker-0 worker-01 shop-base running Up\n');
});

test.each([
  [['worker-0'], 0],
  [['worker-0', 'worker-1', 'worker-2', 'worker-3'], 1000],
])('%j: the memory of those that do not run yet is asked for, half of %i MB each', async (names, added) => {
  const services = `# head\n${names.map((name) => row(name)).join('')}`;
  const script = 'MINIMUM_MEMORY_MB=0; memory_of_added >&3';
  const asked = await onScriptedMachine({ ...files, 'state/releases/new/services.tsv': services }, script);
  expect(asked).toMatchObject({ code: 0, output: `${added}\n` });
});

test('a release that adds more than the machine has memory for is refused', async () => {
  const services = `# head\n${row('worker-0')}${row('worker-2', 1_000_000_000)}`;
  const script = 'MINIMUM_FREE_MB=0 MINIMUM_MEMORY_MB=100; check_room';
  const refused = await onScriptedMachine({ ...files, 'state/releases/new/services.tsv': services }, script);
  expect(refused.code).not.toBe(0);
  expect(refused.output).toMatch(
    /MB of memory are available, the new services beside the old may take 500000100: choose/,
  );
});
