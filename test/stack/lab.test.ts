import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { inLab, outsideLab, withoutHours } from './labStacks.ts';
import { type Run, run } from './matrixStacks.ts';
import { credentials } from './samples.ts';

const azureVariables = Object.keys(credentials).filter((name) => name.startsWith('ARM_'));

let made: Run;

beforeAll(async () => {
  made = await run(inLab, 'prod');
});

afterEach(() => vi.unstubAllEnvs());

test("a machine's hours are the lab's own two schedules for it, and all else of it stays as it is", () => {
  const commands = ['app', 'database', 'monitoring'].flatMap((role) =>
    ['ready', 'release'].map((step) => `lostops-${role}-0-${step}`),
  );
  const certificates = made.declared.filter(({ type }) => type.startsWith('tls:'));
  expect(
    made.declared
      .filter((one) => !certificates.includes(one))
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['lostops', 'lostops-azure', 'lostops-app-0-start', 'lostops-app-0-stop', ...commands].sort());
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

// Nor the SDK: sdks.test.ts
test.each([
  ['whose hours nobody sets', withoutHours],
  ['outside a lab', outsideLab],
])("a machine %s needs none of Azure's variables", async (_, stack) => {
  const { declared } = await run(stack, 'prod', { without: azureVariables });
  expect(declared.filter(({ type }) => type.includes('azure'))).toEqual([]);
});

test("a machine in a lab with hours needs Azure's variables, said before anything is declared", async () => {
  const refused = await run(inLab, 'prod', { without: azureVariables }).catch(({ message }) => message);
  expect(refused).toMatch(/ARM_SUBSCRIPTION_ID\n +is missing: the id of the subscription, for lostops\n/);
});

const declared = (name: string) => {
  const found = made.declared.find((resource) => resource.name === name);
  if (!found) throw new Error(`${name} is not declared`);
  return found;
};
const inputs = (name: string) => declared(name).inputs;
