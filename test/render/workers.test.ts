import { expect, test } from 'vitest';
import { onScriptedMachine, releaseText, serviceOf } from './scripted.ts';

// What works beside the edge (workers, a clock) by the machine's own engine: it may end what it has begun, and has its memory.

const worker = (name: string, memoryMb = 1000) =>
  serviceOf({ name, rollout: 'replace', definition: `${name}1`, blue: 1, green: 2, memoryMb });
const released = (...services: ReturnType<typeof worker>[]) => ({
  'state/releases/new/release.json': releaseText({ services }),
  'proc/meminfo': 'MemAvailable:    4096000 kB\n',
  containers: '7 worker-0 worker-01 shop-base running Up\n8 worker-1 worker-11 shop-base running Up\n',
});

test('one that a release no longer has is stopped, not killed', async () => {
  const script = 'carry_out("new", steps.Remove)\nprint((root / "calls").read_text(), end="")';
  const { code, output, containers } = await onScriptedMachine(released(worker('worker-0')), script);
  expect(code, output).toBe(0);
  expect(output).toContain('stop 8\nrm 8\n');
  expect(output).not.toMatch(/(stop|rm) 7/);
  expect(containers).toBe('7 worker-0 worker-01 shop-base running Up\n');
});

test.each([
  [['worker-0'], 0],
  [['worker-0', 'worker-1', 'worker-2', 'worker-3'], 1000],
])('%j: the memory of those that do not run yet is asked for, half of %i MB each', async (names, added) => {
  const script = `
work = work_of("new")
print([step.memory_mb for step in plan.plan(work.seen, work.release) if isinstance(step, steps.MakeRoom)][0])`;
  const asked = await onScriptedMachine(released(...names.map((name) => worker(name))), script);
  expect(asked).toMatchObject({ code: 0, output: `${added}\n` });
});

test('a release that adds more than the machine has memory for is refused', async () => {
  const files = released(worker('worker-0'), worker('worker-2', 1_000_000_000));
  const refused = await onScriptedMachine(files, 'carry_out("new", steps.MakeRoom)');
  expect(refused.code).not.toBe(0);
  expect(refused.output).toMatch(
    /4000 MB of memory are available, the new services need up to 500000000 MB next to the old ones: choose/,
  );
});
