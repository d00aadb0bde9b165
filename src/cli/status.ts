import { Command, InvalidArgumentError } from 'commander';

interface Options {
  check?: boolean;
  json?: boolean;
  wait?: number;
}

export const statusCommand = (): Command =>
  new Command('status')
    .summary('what is deployed, and whether it is healthy')
    .description('machines, addresses, DNS, URLs, versions and live health of a stack, as they are seen from here')
    .argument('<stack>', 'the stack, for example preprod')
    .option('--check', 'log in to each machine too, and compare it with its release')
    .option('--json', 'for scripts')
    .option('--wait <seconds>', 'ask until everything is healthy, this long at most', seconds)
    .addHelpText('after', details)
    .action(status);

const details = `
Healthy: the URL answers the declared version, under a valid certificate. It ends with 1 when something is not. Whether
a machine's SSH answers depends on where you are: it is open to the operators' networks alone. Of a machine behind a
bastion, it is the bastion's SSH that is asked; --check logs in to both.

A machine that somebody else made stays as it is when it leaves the stack. What takes away what berth brought to it is
shown here while it is in the stack: note it before \`pulumi destroy\`, which runs no program that could say it.

--check compares files, modes, containers, processes, units and firewall with what the release left, and changes nothing:
a line a difference. A job of the release whose last run failed is one, too. It logs in with the stack's deploy key and the pinned host keys; a machine that this computer can't
reach is a difference too. The next release puts right what differs.

--json prints one object, whose keys stay as they are (certificate and answered are absent where nothing answers, off
where no schedule has the machine off, bastion where it has none, retire where berth made it, differences without --check):
  { "stack": "preprod", "healthy": true, "systems": { "basegun": {
      "healthy": true, "cloud": "openstack", "url": "https://…", "problems": [],
      "version": { "declared": "3.3.0", "answers": "3.3.0" },
      "answered": { "status": 200, "address": "203.0.113.10", "milliseconds": 41 },
      "certificate": { "issuer": "…", "validUntil": "2027-01-31T00:00:00.000Z", "trusted": true },
      "machines": { "basegun-web-0": { "role": "web", "publicAddress": "…", "privateAddress": "…", "ssh": "answers",
                                     "bastion": "203.0.113.7", "retire": "ssh …" } },
      "records": [{ "name": "…", "type": "A", "value": "203.0.113.10", "resolves": ["203.0.113.10"] }] } },
    "differences": [{ "system": "basegun", "machine": "basegun-web-0", "kind": "file", "what": "/etc/…",
      "difference": "has another content" }] }

Examples:
  $ berth status preprod
  $ berth status prod --check
  $ pulumi up --stack prod && berth status prod --wait 120`;

async function status(stack: string, { check, json, wait = 0 }: Options): Promise<void> {
  const { engineStack } = await import('../pulumi/stack.ts');
  const { deployedSystems } = await import('./outputs.ts');
  const { reportWithin } = await import('./status/reportWithin.ts');
  const engine = await engineStack(stack);
  const systems = await deployedSystems(engine);
  const report = await reportWithin(stack, systems, wait);
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
