import { expect, test } from 'vitest';
import { onScriptedMachine } from './scripted.ts';

// A release that fails in the middle, by the machine's own scripts: what can't run twice runs again as before, and what is
// told of it is what the engine answers. `old` is live: db, which is replaced, and app, which has two colours.

const services = (db: string, app: string): string =>
  `# head\ndb\treplace\t${db}\t1\t2\t-\t-\t0\napp\tcolours\t${app}\t20000\t20001\t-\t/health\t5\n`;
const composed = (service: string, definition: string): string => `services:\n  ${service}: ${definition}\n`;

const machine = (former: string, next: string, edge = ''): Record<string, string> => ({
  'state/edge/routes.yaml': '# generation 3\n# release old 1\n# live app blue 20000 app1\n',
  'state/releases/old/services.tsv': services(former, 'app1'),
  'state/releases/old/base.yaml': composed('db', former),
  'state/releases/old/release.env': "VERSION='1'\nRELEASE='old'\n",
  'state/releases/new/services.tsv': services(next, 'app1'),
  'state/releases/new/base.yaml': composed('db', next),
  'state/releases/new/colours.yaml': composed('app', 'app1'),
  'state/releases/new/release-folders.tsv': '# head\n',
  'state/releases/new/secrets': '',
  containers: `1 db ${former} shop-base running Up\n2 app app1 shop-blue running Up\n${edge}`,
});

const release = `trap 'roll_back $?' EXIT; read_live; step plan plan_services; step edge ensure_edge; step base ensure_base`;

test.each([
  ['can not start', 'bad2'],
  ['falls', 'sick2'],
])('a replaced service whose next version %s: the former one runs again', async (_name, next) => {
  const failed = await onScriptedMachine(machine('db1', next), release);
  expect(failed.code, failed.output).toBe(1);
  expect(failed.containers).toMatch(/ db db1 shop-base running/);
  expect(failed.containers).not.toContain(next);
  expect(failed.output).toContain('the former release goes on serving');
});

test('a former version that does not come up again is told, and nobody is told that it serves', async () => {
  const failed = await onScriptedMachine(machine('bad1', 'bad2'), release);
  expect(failed.output).toContain('error: the former release does not serve whole:\n  db does not run: Created');
  expect(failed.output).not.toContain('goes on serving');
});

test('what fell while a release failed for another reason is told', async () => {
  const script = `trap 'roll_back $?' EXIT; read_live; plan_services; remove_service app blue; step other false`;
  const failed = await onScriptedMachine(machine('db1', 'db2'), script);
  expect(failed.output).toContain(
    'error: the former release does not serve whole:\n  app does not run: it has no container',
  );
});

test('what a killed release had begun is put back from its note', async () => {
  const script = `note_begun base db
    read_live; plan_services; remove_service db base; forget_begun; put_back base; say_what_serves; [[ ! -s $begun ]]`;
  const healed = await onScriptedMachine(machine('db1', 'db2'), script);
  expect(healed.containers).toMatch(/ db db1 shop-base running/);
  expect(healed).toMatchObject({ code: 0, output: 'the former release goes on serving\n' });
});

test('what a release had begun that was killed after its switch stays', async () => {
  const script = `RELEASE=old; note_begun base db; RELEASE=new; read_live; forget_begun; put_back base; [[ ! -e $begun ]]`;
  const kept = await onScriptedMachine(machine('db1', 'db2'), script);
  expect(kept.code, kept.output).toBe(0);
  expect(kept.containers).toMatch(/^1 db db1/);
});

test('an edge that is started anew and does not come up: the one that ran before does', async () => {
  const files = {
    ...machine('db1', 'db1', '3 traefik edge1 shop-edge running Up\n'),
    // The release that is live has another one, which was never started
    'state/releases/old/edge.yaml': composed('traefik', 'edge2'),
    'state/edge.yaml': composed('traefik', 'edge1'),
    'state/releases/new/edge.yaml': composed('traefik', 'sick3'),
  };
  const failed = await onScriptedMachine(files, `EDGE_DEFINITION=sick3 EDGE_RESTART=yes; ${release}`);
  expect(failed.code, failed.output).toBe(1);
  expect(failed.containers).toMatch(/ traefik edge1 shop-edge running/);
  expect(failed.output).toContain('the former release goes on serving');
});

test('a service that is unwell for a moment in the middle of a release stays where the plan has it', async () => {
  const script = `fail() { say "$1"; exit 1; }
    step() { shift; "$@"; sed -i 's/\\( app .*running\\) .*/\\1 Up (unhealthy)/' "$ENGINE/containers"; }
    read_live; step plan plan_services; step c start_services; step base ensure_base; step switch switch_over
    step drain stop_former; grep live "$routes" >&3`;
  const { code, output, containers } = await onScriptedMachine(machine('db1', 'db2'), script);
  expect(code, output).toBe(0);
  expect(output).toContain('# live app blue 20000 app1');
  expect(containers).toMatch(/ app app1 shop-blue running/);
  expect(containers).toMatch(/ db db2 shop-base running/);
});
