import { Command, InvalidArgumentError, Option } from 'commander';

interface Options {
  check?: boolean;
  json?: boolean;
  wait?: number;
  html?: string;
  serve?: number | true;
}

export const statusCommand = (): Command =>
  new Command('status')
    .summary('what is deployed, and whether it is healthy')
    .description('show machines, addresses, DNS, URLs, versions and live health of a stack, as seen from this computer')
    .argument('<stack>', 'the stack, for example preprod')
    .option('--check', 'also log in to each machine and compare it with its release')
    .option('--json', 'for scripts')
    .addOption(
      new Option(
        '--html <file>',
        'write all that is known of the stack to this file, as a page for browsers',
      ).conflicts([...['check', 'json', 'wait']]),
    )
    .addOption(
      new Option('--serve [port]', 'show that page at a port of this computer, made anew for each request')
        .argParser(port)
        .conflicts(['check', 'json', 'wait', 'html']),
    )
    .option('--wait <seconds>', 'repeat until everything is healthy, at most this long', seconds)
    .addHelpText('after', details)
    .action(status);

const details = `
Machines of a role are grouped by what they run and how they are; a group is BEHIND when others of the role have a later
version, or the stack declares another one. It logs in for that, with the stack's deploy key and the pinned host keys.

A system is healthy when its URL answers with the declared version under a valid certificate. The exit code is 1 when one
is not. SSH is only open to the operators' networks. For a machine behind a bastion, the bastion's SSH is tested; --check
logs in to both.

An adopted machine is left as it is when it leaves the stack. The command that removes what berth installed on it is shown
here while it is in the stack: note it before \`pulumi destroy\`, which can't show it.

--check compares files, modes, containers, processes, units and firewall with the release, and changes nothing. It prints
one line per difference; a job whose last run failed and a machine that can't be reached are differences too. It logs in
with the stack's deploy key and the pinned host keys. The next release corrects what differs.

--html writes one file without scripts, which loads nothing from elsewhere: what needs attention first, then systems with
their last hours from Prometheus where there is one, machines, certificates, backups, jobs, releases, alerts, who may reach
what, and the diagram. --serve shows the same at http://127.0.0.1:8420/, or another port, to browsers of this computer alone,
until Ctrl-C. Neither has a secret in it, but addresses and names of machines.

--json prints one object, whose keys stay as they are (certificate and answered are absent where nothing answers, off
where no schedule has the machine off, bastion where it has none, retire where berth created it, roles where no machine could be
asked, differences without --check):
  { "stack": "preprod", "healthy": true, "systems": { "basegun": {
      "healthy": true, "cloud": "openstack", "url": "https://…", "problems": [],
      "version": { "declared": "3.3.0", "answers": "3.3.0" },
      "answered": { "status": 200, "address": "203.0.113.10", "milliseconds": 41 },
      "certificate": { "issuer": "…", "validUntil": "2027-01-31T00:00:00.000Z", "trusted": true },
      "machines": { "basegun-web-0": { "role": "web", "publicAddress": "…", "privateAddress": "…", "ssh": "answers",
                                     "bastion": "203.0.113.7", "retire": "ssh …" } },
      "roles": { "web": [{ "version": "3.3.0", "machines": ["basegun-web-0"], "problems": [], "behind": false }] },
      "records": [{ "name": "…", "type": "A", "value": "203.0.113.10", "resolves": ["203.0.113.10"] }] } },
    "differences": [{ "system": "basegun", "machine": "basegun-web-0", "kind": "file", "what": "/etc/…",
      "difference": "has different content" }] }

Examples:
  $ berth status preprod
  $ berth status prod --check
  $ berth status prod --html prod.html
  $ pulumi up --stack prod && berth status prod --wait 120`;

const usualPort = 8420;

async function status(stack: string, options: Options): Promise<void> {
  const { html, serve } = options;
  if (html !== undefined) {
    const { writePage } = await import('./status/page/write.ts');
    if (!(await writePage(stack, html))) process.exitCode = 1;
  } else if (serve !== undefined) {
    const { servePages } = await import('./status/page/serve.ts');
    await servePages(stack, serve === true ? usualPort : serve);
  } else await print(stack, options);
}

async function print(stack: string, { check, json, wait = 0 }: Options): Promise<void> {
  const { engineStack } = await import('../pulumi/stack.ts');
  const { deployedSystems } = await import('./outputs.ts');
  const { reportWithin } = await import('./status/reportWithin.ts');
  const engine = await engineStack(stack);
  const systems = await deployedSystems(engine);
  const { withRoles } = await import('./status/askRoles.ts');
  const report = await withRoles(engine, systems, await reportWithin(stack, systems, wait));
  const differences = check
    ? (await (await import('./status/check.ts')).checkHosts(engine, systems)).differences
    : undefined;
  if (json) console.log(JSON.stringify({ ...report, ...(differences && { differences }) }, null, 2));
  else {
    const { differencesTable, statusTable } = await import('./status/reportTable.ts');
    process.stdout.write(statusTable(report));
    if (differences) process.stdout.write(`\n${differencesTable(differences)}`);
  }
  if (!report.healthy || (differences ?? []).length > 0) process.exitCode = 1;
}

/** Parses an option as a number of seconds */
export function seconds(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('it is a number of seconds, such as 60');
}

function port(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('it is the number of a port, such as 8420');
}
