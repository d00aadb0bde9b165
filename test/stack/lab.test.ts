import { execFile as execFileOfNode } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type Run, run } from './matrixStacks.ts';
import { credentials, type Stack, stackOf, withSecrets } from './samples.ts';

const execFile = promisify(execFileOfNode);
const schedule = { days: ['mon', 'fri'], start: '08:30', stop: '19:00', zone: 'Europe/Paris' };
const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
const devTestLab = { resourceGroup: 'lostops-lab', lab: 'lostops', name: 'lostops-app' };
const host = { address: '203.0.113.10', user: 'debian', hostKey };
const azureVariables = Object.keys(credentials).filter((name) => name.startsWith('ARM_'));

/** Three machines that exist, of which the first may stand in a lab */
const lostops = (app: object): Stack => withSecrets(stackOf('lostops', 'existing', {}, { app }));
const inLab = lostops({ schedule, hosts: [{ ...host, devTestLab }] });

let made: Run;

beforeAll(async () => {
  made = await run(inLab, 'prod');
});

afterEach(() => vi.unstubAllEnvs());

test("a machine's hours are the lab's own two schedules for it, and all else of it stays as it is", () => {
  const commands = ['app', 'database', 'monitoring'].flatMap((role) =>
    ['ready', 'release'].map((step) => `lostops-${role}-0-${step}`),
  );
  expect(made.declared.map(({ name }) => name).sort()).toEqual(
    ['lostops', 'lostops-azure', 'lostops-app-0-start', 'lostops-app-0-stop', ...commands].sort(),
  );
  const common = {
    ...{ resourceGroupName: 'lostops-lab', labName: 'lostops', virtualMachineName: 'lostops-app', status: 'Enabled' },
    timeZoneId: 'Romance Standard Time',
    targetResourceId: expect.stringMatching(
      /^\/subscriptions\/[^/]+\/resourceGroups\/lostops-lab\/providers\/Microsoft\.DevTestLab\/labs\/lostops\/virtualMachines\/lostops-app$/,
    ),
    tags: expect.objectContaining({ system: 'lostops', role: 'app', 'managed-by': 'berth' }),
  };
  const weekdays = ['Monday', 'Friday'];
  expect(inputs('lostops-app-0-start')).toEqual({
    ...{ ...common, name: 'LabVmAutoStart', taskType: 'LabVmsStartupTask' },
    weeklyRecurrence: { time: '0830', weekdays },
  });
  expect(inputs('lostops-app-0-stop')).toEqual({
    ...{ ...common, name: 'LabVmsShutdown', taskType: 'LabVmsShutdownTask' },
    weeklyRecurrence: { time: '1900', weekdays },
  });
});

test('they are children of their system, have its own provider, and go with it', () => {
  for (const name of ['lostops-app-0-start', 'lostops-app-0-stop']) {
    const { type, provider, options } = declared(name);
    expect(type).toBe('azure-native:devtestlab:VirtualMachineSchedule');
    expect(provider).toContain('pulumi:providers:azure-native::lostops-azure');
    expect(options.parent).toMatch(/::berth:index:System::lostops$/);
    expect([options.protect, options.retainOnDelete]).toEqual([false, false]);
  }
});

test.each([
  ['whose hours nobody sets', { hosts: [{ ...host, devTestLab }] }],
  ['outside a lab', { hosts: [host] }],
])("a machine %s needs neither Azure's SDK nor its variables", async (_, app) => {
  const { declared } = await run(lostops(app), 'prod', { without: azureVariables });
  expect(declared.filter(({ type }) => type.includes('azure'))).toEqual([]);
  expect(await sdksOf(lostops(app))).toEqual([]);
});

test("a machine in a lab with hours needs Azure's variables, said before anything is declared", async () => {
  expect(await sdksOf(inLab)).toEqual(['@pulumi/azure-native']);
  const refused = await run(inLab, 'prod', { without: azureVariables }).catch(({ message }) => message);
  expect(refused).toMatch(/ARM_SUBSCRIPTION_ID\n +is missing: the id of the subscription, for lostops\n/);
});

const declared = (name: string) => {
  const found = made.declared.find((resource) => resource.name === name);
  if (!found) throw new Error(`${name} is not declared`);
  return found;
};
const inputs = (name: string) => declared(name).inputs;

/** The clouds' SDKs that are loaded for a stack */
async function sdksOf({ config }: Stack): Promise<readonly string[]> {
  const words = ['--import', 'tsx', join(import.meta.dirname, 'loaded.ts'), 'prod', JSON.stringify(config)];
  const { stdout } = await execFile(process.execPath, words, { env: { ...process.env, ...credentials } });
  const { packages } = JSON.parse(stdout) as { packages: string[] };
  return packages.filter((name) => /azure|aws|openstack|ovh/.test(name));
}
