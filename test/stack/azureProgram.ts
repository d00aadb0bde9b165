import * as pulumi from '@pulumi/pulumi';
import { azure } from '../../src/clouds/azure/program.ts';
import { rehearsal } from '../../src/clouds/azure/rehearsal.ts';
import type { AzureSettings } from '../../src/clouds/azure/settings.ts';
import type { Provisioned } from '../../src/clouds/cloud.ts';
import type { Blueprint } from '../../src/model/blueprint.ts';
import type { Answers } from '../../src/policy/answers.ts';
import { type DeclaredResource, recorded } from '../../src/policy/recorded.ts';
import { answers } from './samples.ts';
import { shop as common, requestOf, roleOf, told, view } from './shop.ts';

export const role = roleOf('Standard_B2s');

/** A system with everything that Azure has */
export const shop: Blueprint = {
  ...common,
  roles: {
    web: role({ schedule: { days: ['mon', 'tue'], start: '09:00', stop: '18:30', zone: 'Europe/Paris' } }),
    database: role({ slot: 1, volume: { sizeGb: 20 } }),
  },
  buckets: [{ name: 'uploads', apis: ['blob'] }],
};

interface Given {
  blueprint?: Partial<Blueprint>;
  settings?: Partial<AzureSettings>;
  allowDestroy?: boolean;
  functions?: Answers;
}

export interface Told extends Provisioned, ReturnType<typeof view> {
  declared: readonly DeclaredResource[];
  fact(name: string): ReturnType<typeof told>;
  /** By each function of the cloud that was asked, the provider that it was asked through */
  asked: ReadonlyMap<string, string>;
}

/** What one system comes to on Azure */
export async function onAzure({ blueprint, settings, allowDestroy = false, functions }: Given = {}): Promise<Told> {
  const declared = await recorded('preprod', answers, { ...rehearsal.functions, ...functions });
  const asked = askedThrough();
  const clouds = settings ? { azure: { encryptionAtHost: false, trustedLaunch: true, ...settings } } : {};
  const made = azure.provision(
    requestOf('azure', { ...shop, ...blueprint }, { environment: { clouds }, entry: { allowDestroy } }),
  );
  await pulumi.runtime.disconnect();
  return { ...made, ...view(declared), declared, asked, fact: (name) => told(made.facts[name]) };
}

function askedThrough(): Map<string, string> {
  const asked = new Map<string, string>();
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const invoke = monitor.invoke.bind(monitor);
  monitor.invoke = (request, done) => {
    asked.set(request.getTok(), request.getProvider());
    return invoke(request, done);
  };
  return asked;
}

/** What is used here of Pulumi's own monitor for tests, whose type it keeps to itself */
interface Monitor {
  invoke(request: { getTok(): string; getProvider(): string }, done: unknown): unknown;
}
