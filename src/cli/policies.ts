import { Command } from 'commander';

export const policiesCommand = (): Command =>
  new Command('policies')
    .summary('what security scanners would find')
    .description('list what security scanners would find in the resources of a stack; reads only its file')
    .argument('<stack>', 'the environment, for example preprod')
    .option('--json', 'for scripts')
    .addHelpText('after', details)
    .action(policies);

const details = `
The program runs with made-up secrets and credentials; no provider, account or network is used. An accepted finding
states its reason; the exit code is 1 when a finding is not accepted.

--json prints one object, whose keys stay as they are (why is absent where a finding is not accepted):
  { "stack": "preprod", "resources": 138, "findings": [
    { "ids": ["AWS-0107", "CKV_AWS_24"], "what": "SSH and RDP are not open to everybody", "resource": "mad-api-22",
      "why": "…" } ] }

Examples:
  $ berth policies preprod
  $ berth policies prod --json | jq '.findings[] | select(.why == null)'`;

async function policies(stack: string, options: { json?: boolean }): Promise<void> {
  const { readOffline } = await import('./environment.ts');
  const { stackName } = await import('../pulumi/stackName.ts');
  const { policyReport } = await import('./policies/report.ts');
  // Reports mistakes of the file before the program runs
  readOffline(stack);
  const report = await policyReport(stackName(stack));
  if (options.json) console.log(JSON.stringify(report, null, 2));
  else {
    const { policyTable } = await import('./policies/table.ts');
    process.stdout.write(policyTable(report));
  }
  if (report.findings.some(({ why }) => why === undefined)) process.exitCode = 1;
}
