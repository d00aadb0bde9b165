import { Command } from 'commander';

interface Options {
  test?: boolean;
  json?: boolean;
}

export const alertsCommand = (): Command =>
  new Command('alerts')
    .summary('what fires, and whether people are told')
    .description('the alerts of a stack that fire at the moment, asked of its Alertmanager over SSH')
    .argument('<stack>', 'the stack, for example preprod')
    .option('--test', 'send a test alert instead, and say whether each receiver took it')
    .option('--json', 'for scripts')
    .addHelpText('after', details)
    .action(alerts);

const details = `
It ends with 1 where something fires that nobody has silenced, where Prometheus does not reach Alertmanager, or, with --test,
where a receiver did not take the test. The receivers of a system are its option alerts; their addresses are secrets, which are
not shown.

--json prints one object:
  { "stack": "prod", "systems": { "lostops": { "heartbeat": true, "firing": [{ "alert": "DatabaseDown",
      "severity": "critical", "machine": "lostops-database-0", "since": "2026-11-23T10:00:00.000Z", "summary": "…",
      "description": "…", "silenced": false }] } } }
or, with --test,
  { "stack": "prod", "systems": { "lostops": [{ "receiver": "discord", "how": "taken" | "refused" | "no answer" }] } }

Examples:
  $ berth alerts prod
  $ berth alerts prod --test`;

async function alerts(stack: string, { test, json }: Options): Promise<void> {
  const { deployedStack } = await import('./run/start.ts');
  const { deployKeyOf } = await import('./ssh/deployKey.ts');
  const { askedOf, watchers } = await import('./alerts/ask.ts');
  const { firingText, testText } = await import('./alerts/told.ts');
  const { engine, systems, blueprints } = await deployedStack(stack);
  const found = watchers(systems, blueprints);
  if (found.length === 0) throw new Error('no system of this stack has an Alertmanager');
  const asked = await askedOf(found, await deployKeyOf(engine), stack, test ? 'test' : 'firing');
  const bad = Object.values(asked).some((one) =>
    'firing' in one
      ? !one.heartbeat || one.firing.some(({ silenced }) => !silenced)
      : one.some(({ how }) => how !== 'taken') || one.length === 0,
  );
  if (json) console.log(JSON.stringify({ stack, systems: asked }, null, 2));
  else
    for (const [system, one] of Object.entries(asked))
      process.stdout.write('firing' in one ? firingText(system, one) : testText(system, one));
  if (bad) process.exitCode = 1;
}
