import { afterAll, beforeAll, expect, test } from 'vitest';
import { machineImage, required } from './docker.ts';
import { type Machine, startMachine } from './machine.ts';
import { renderedMachines, stacks } from './rendered.ts';

// The edge's logs on a busy day, by the logrotate of a machine.

let machine: Machine | undefined;
beforeAll(async () => {
  machine = await startMachine('logs');
});
afterAll(() => machine?.remove());

const rotations = stacks.flatMap((stack) =>
  renderedMachines(stack).flatMap(({ bundle: { entries } }) =>
    Object.entries(entries).flatMap(([path, text]) =>
      path.startsWith('files/etc/logrotate.d/berth-') ? [{ name: path.slice(path.indexOf('berth-')), text }] : [],
    ),
  ),
);
const cases = [...new Map(rotations.map((rotation) => [rotation.name, rotation])).values()];

test('every system with an edge is among them', () => {
  expect(cases.map(({ name }) => name).sort()).toEqual([
    ...['berth-basegun', 'berth-catalogage', 'berth-lostops', 'berth-mad'],
  ]);
});

test.for(cases)('$name has a bound within a day, and in number', async ({ text }, context) => {
  required(await machineImage, context);
  const folder = /^(\S+)\/\*\.log \{$/m.exec(text)?.[1] ?? '';
  const answer = await machine?.run(
    `chmod 0644 rotation; mkdir -p ${folder}; cd ${folder}
     for age in $(seq 30); do echo old >access.log-20260101-$((1767225600 + age)).gz; done
     for round in 1 2; do
       truncate --size 101M access.log; sleep 1.1
       logrotate --state /root/state /root/*/rotation || exit 1
       echo "after round $round: $(ls access.log-* | wc -l) files, $(stat --format %s access.log 2>/dev/null || echo 0) bytes"
     done
     du -sm . | cut -f 1; rm -r ${folder} /root/*/rotation /root/state`,
    { rotation: text },
  );
  expect(answer?.output).toMatch(/^after round 1: 24 files, 0 bytes\nafter round 2: 24 files, 0 bytes\n\d{1,2}\n$/);
});
