import { expect, test } from 'vitest';
import { isContainer } from '../../../src/model/service.ts';
import { edgeUser } from '../../../src/render/traefik.ts';
import { renderedMachines, stacks } from '../../render/rendered.ts';

const machines = stacks.flatMap((stack) => renderedMachines(stack).map((rendered) => ({ stack, ...rendered })));
const watched = machines.flatMap(({ stack, name, input }) => {
  const containers = input.role.services.filter(isContainer);
  return containers
    .filter(({ mounts }) => mounts.some((mount) => mount.kind === 'host'))
    .map((watcher) => ({ stack, name, watcher, others: containers.filter((other) => other !== watcher) }));
});

test("some services see the host's /proc", () => expect(watched.length).toBeGreaterThan(0));

test.for(watched)(
  "$watcher.name on $name of $stack sees the host's /proc, and shares its user with no other program",
  ({ watcher, others }) => {
    const id = watcher.user.split(':')[0];
    expect(others.map(({ user }) => user.split(':')[0])).not.toContain(id);
    // Debian's root and nobody, and who logs in
    expect(['0', '65534', '1000']).not.toContain(id);
  },
);

test('an exporter has a user of its own on every machine', () => {
  const exporters = machines.flatMap(({ input }) =>
    input.role.services.filter(isContainer).filter(({ name }) => name.endsWith('-exporter')),
  );
  const users = new Map(exporters.map(({ name, user }) => [name, user]));
  expect(users.size).toBeGreaterThan(1);
  expect(new Set(users.values()).size).toBe(users.size);
});

test('the edge has a user of its own', () => {
  const users = machines.flatMap(({ input }) => input.role.services.filter(isContainer).map(({ user }) => user));
  expect(users.map((user) => user.split(':')[0])).not.toContain(edgeUser.split(':')[0]);
  expect(edgeUser).not.toMatch(/^0:/);
});
