import { expect, test } from 'vitest';
import type { Release, ReleaseEdge } from '../../src/render/releaseFormat.ts';
import { onScriptedMachine, releaseText, serviceOf } from './scripted.ts';

// A release that fails in the middle, by the machine's own engine: what can't run twice runs again as before, and what is
// told of it is what docker answers. `old` is live: db, which is replaced, and app, which has two colours.

const release = (name: string, db: string, edge?: ReleaseEdge): string =>
  releaseText({
    name,
    services: [
      serviceOf({ name: 'db', rollout: 'replace', definition: db, blue: 1, green: 2 }),
      serviceOf({ health: { path: '/health', deadlineSeconds: 5, status: '2..' }, deadlineSeconds: 5 }),
    ],
    ...(edge && { edge }),
  });
const composed = (service: string, definition: string): string => `services:\n  ${service}: ${definition}\n`;

const machine = (former: string, next: string, traefik = '', edge?: ReleaseEdge): Record<string, string> => ({
  'state/edge/routes.yaml': '# generation 3\n# release old 1\n# live app blue 20000 app1\n',
  'state/releases/old/release.json': release('old', former),
  'state/releases/old/base.yaml': composed('db', former),
  'state/releases/new/release.json': release('new', next, edge),
  'state/releases/new/base.yaml': composed('db', next),
  'state/releases/new/colours.yaml': composed('app', 'app1'),
  containers: `1 db ${former} shop-base running Up\n2 app app1 shop-blue running Up\n${traefik}`,
});

const replaced = 'carry_out("new", steps.StartEdge, steps.Replace)';

test('a replaced service that the former release lacks is gone again when a later one fails', async () => {
  const cache = serviceOf({ name: 'cache', rollout: 'replace', definition: 'cache2', blue: 3, green: 4 });
  const { services, ...next } = JSON.parse(release('new', 'bad2')) as Release;
  const failed = await onScriptedMachine(
    {
      ...machine('db1', 'bad2'),
      'state/releases/new/release.json': releaseText({ ...next, services: [cache, ...services] }),
      'state/releases/new/base.yaml': `${composed('db', 'bad2')}  cache: cache2\n`,
    },
    replaced,
  );
  expect(failed.code, failed.output).toBe(1);
  expect(failed.output).toContain('db keeps exiting');
  expect(failed.containers).toMatch(/ db db1 shop-base running/);
  expect(failed.containers).not.toContain('cache');
  expect(failed.output).toContain('the former release is still serving');
});

test.each([
  ['can not start', 'bad2'],
  ['falls', 'sick2'],
])('a replaced service whose next version %s: the former one runs again', async (_name, next) => {
  const failed = await onScriptedMachine(machine('db1', next), replaced);
  expect(failed.code, failed.output).toBe(1);
  expect(failed.containers).toMatch(/ db db1 shop-base running/);
  expect(failed.containers).not.toContain(next);
  expect(failed.output).toContain('the former release is still serving');
});

test('a former version that does not come up again is told, and nobody is told that it serves', async () => {
  const failed = await onScriptedMachine(machine('bad1', 'bad2'), replaced);
  expect(failed.output).toContain(
    'error: the former release does not serve completely:\n  db does not run: it is not well: Created',
  );
  expect(failed.output).not.toContain('is still serving');
});

test('what fell while a release failed for another reason is told', async () => {
  const script = `
def fails(work, step):
    services.stop_service(machine, "app", "blue")
    raise tell.Refused("another reason")
carry_out("new", steps.Keep, actions={steps.Keep: fails})`;
  const failed = await onScriptedMachine(machine('db1', 'db2'), script);
  expect(failed.output).toContain('error: another reason\n');
  expect(failed.output).toContain(
    'error: the former release does not serve completely:\n  app does not run: it is missing',
  );
});

test('what a killed release had begun is put back from its note', async () => {
  const script = `
replaced.begin(machine, "base", "db", "new")
services.stop_service(machine, "db", "base")
killed.put_back_killed(machine, release_of("new"))
assert history.read_begun(machine) == ()`;
  const healed = await onScriptedMachine(machine('db1', 'db2'), script);
  expect(healed.containers).toMatch(/ db db1 shop-base running/);
  expect(healed).toMatchObject({ code: 0, output: 'the former release is still serving\n' });
});

test('what a release had begun that was killed after its switch stays', async () => {
  const script = `
replaced.begin(machine, "base", "db", "old")
killed.put_back_killed(machine, release_of("new"))
assert history.read_begun(machine) == ()`;
  const kept = await onScriptedMachine(machine('db1', 'db2'), script);
  expect(kept.code, kept.output).toBe(0);
  expect(kept.containers).toMatch(/^1 db db1/);
});

test('an edge that is started anew and does not come up: the one that ran before does', async () => {
  const edge: ReleaseEdge = {
    ...{ kind: 'traefik', definition: 'sick3', user: '', restart: true, routes: 'routes.yaml', domain: 'localhost' },
    ...{ scheme: 'http', port: 1, path: '/', status: '2..', certificates: [] },
  };
  const files = {
    ...machine('db1', 'db1', '3 traefik edge1 shop-edge running Up\n', edge),
    // The release that is live has another one, which was never started
    'state/releases/old/edge.yaml': composed('traefik', 'edge2'),
    'state/edge.yaml': composed('traefik', 'edge1'),
    'state/releases/new/edge.yaml': composed('traefik', 'sick3'),
  };
  const failed = await onScriptedMachine(files, replaced);
  expect(failed.code, failed.output).toBe(1);
  expect(failed.containers).toMatch(/ traefik edge1 shop-edge running/);
  expect(failed.output).toContain('the former release is still serving');
});

test('a service that is unwell for a moment in the middle of a release stays where the plan has it', async () => {
  const script = `
def unwell_after(do):
    def both(work, step):
        do(work, step)
        listed = root / "containers"
        lines = listed.read_text().splitlines()
        listed.write_text("".join(f"{line} (unhealthy)\\n" if " app " in line and "(" not in line else f"{line}\\n" for line in lines))
    return both
wrapped = {kind: unwell_after(do) for kind, do in converge.ACTIONS.items()}
carry_out("new", steps.Start, steps.Replace, steps.Switch, steps.Drain, steps.Stop, steps.Remove, actions=wrapped)
print(machine.routes("routes.yaml").read_text())`;
  const { code, output, containers } = await onScriptedMachine(machine('db1', 'db2'), script);
  expect(code, output).toBe(0);
  expect(output).toContain('# release new 1\n# live app blue 20000 app1');
  expect(containers).toMatch(/ app app1 shop-blue running/);
  expect(containers).toMatch(/ db db2 shop-base running/);
});
