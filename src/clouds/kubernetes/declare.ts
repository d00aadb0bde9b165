import * as pulumi from '@pulumi/pulumi';
import { rolesBefore } from '../../model/order.ts';
import type { Needs } from '../../model/value.ts';
import type { ClusterInput } from '../../render/cluster/input.ts';
import { namespaceOf } from '../../render/cluster/input.ts';
import { isGate } from '../../render/cluster/jobs.ts';
import type { Item, Manifest } from '../../render/cluster/manifest.ts';
import { type Part, partsOf } from '../../render/cluster/system.ts';
import type { Delivered, DeliveryRequest } from '../cloud.ts';
import type { KnownFacts } from './facts.ts';
import { makers } from './objects.ts';
import { addressOf, described } from './outputs.ts';
import { clusterSettings } from './settings.ts';
import { keepVolumes } from './volumes.ts';
import { type Watch, watchedWorkloads } from './watch.ts';

export interface Means extends KnownFacts {
  provider: pulumi.ProviderResource;
  /** Takes over objects that exist already */
  contents: pulumi.ProviderResource;
}

/** An object with the resource that it has become */
export interface Made {
  item: Item;
  resource: pulumi.CustomResource;
  /** The same once its pods run, where it has some */
  settled: pulumi.Input<pulumi.CustomResource>;
}

/** Declares all objects of a system: a role after those that it calls, its workload after its jobs */
export function declare(request: DeliveryRequest, means: Means): Delivered {
  const { blueprint, environment } = request;
  const before = rolesBefore(blueprint);
  const watch = watchedWorkloads(request);
  const made: Made[] = [];
  for (const part of partsOf(blueprint, environment.operators.networks)) {
    const texts = manifestsOf(request, means, part);
    for (const item of outline(request, means, part)) {
      const waitsFor = made.filter((one) => isBefore(one, item, before[item.role ?? ''] ?? []));
      const resource = declareItem(request, { ...means, watch }, item, texts, waitsFor);
      const settled = item.waitSeconds === undefined ? resource : watch.settled(item, nameOf(request, item), resource);
      made.push({ item, resource, settled });
    }
  }
  return {
    facts: { ...means.facts, ...addressOf(blueprint, made) },
    cluster: {
      ...described(blueprint, namespaceOf(blueprint.system, environment.name), made),
      volumes: keepVolumes(request, means.provider, made),
    },
  };
}

/** Whether an object waits for another: for what the system shares, jobs of its role, and workloads that it calls */
function isBefore({ item: other }: Made, { role, manifest }: Item, called: readonly string[]): boolean {
  if (other.role === undefined) return role !== undefined || other.manifest.kind === 'Namespace';
  const starts = ['Job', 'Deployment', 'StatefulSet', 'CronJob'].includes(manifest.kind);
  if (!starts) return false;
  if (other.role === role) return isGate(other) || other.holds !== undefined;
  return called.includes(other.role) && other.waitSeconds !== undefined;
}

function declareItem(
  request: DeliveryRequest,
  { provider, contents, watch }: Means & { watch: Watch },
  item: Item,
  texts: pulumi.Output<ReadonlyMap<string, Manifest>>,
  waitsFor: readonly Made[],
): pulumi.CustomResource {
  const { entry, parent } = request;
  const name = nameOf(request, item);
  const { key, manifest, holds, leaves, waitSeconds } = item;
  const { apiVersion: _, kind, ...fields } = manifest;
  const args = Object.keys(fields).map((field) => {
    const value = texts.apply((all) => all.get(`${kind} ${key}`)?.[field]);
    return [field, field === 'stringData' ? pulumi.secret(value) : pulumi.unsecret(value)];
  });
  const namespace = waitsFor.find(({ item }) => item.manifest.kind === 'Namespace')?.resource;
  const timeout = waitSeconds === undefined ? {} : { customTimeouts: timeouts(waitSeconds) };
  const data = holds === 'data' && !entry.allowDestroy ? { protect: true, retainOnDelete: true } : {};
  return new makers[kind](name, Object.fromEntries(args), {
    ...{ parent, provider: holds === 'content' ? contents : provider },
    dependsOn: waitsFor.map(({ settled }) => settled),
    ...(namespace && { deletedWith: namespace }),
    ...timeout,
    ...(waitSeconds !== undefined && { hooks: watch.hooks(item, name) }),
    ...data,
    ...(leaves && { ignoreChanges: [...leaves] }),
    // The former one is there for pods that still run, and for a way back; it goes with its namespace
    ...(holds === 'content' && { retainOnDelete: true }),
  });
}

const nameOf = ({ blueprint: { system } }: DeliveryRequest, { key }: Item): string => `${system}-${key}`;

const timeouts = (seconds: number) => ({ create: `${seconds}s`, update: `${seconds}s` });

/** Returns the manifests of a part by kind and key, once the values that it needs are known */
function manifestsOf(request: DeliveryRequest, means: Means, part: Part): pulumi.Output<ReadonlyMap<string, Manifest>> {
  const known = <Value>(all: Readonly<Record<string, Value>>, names: readonly string[], what: string) =>
    Object.fromEntries(names.map((name) => [name, given(all[name], `${what} ${name}`)]));
  const facts = { ...known(means.facts, part.needs.refs, 'fact'), ...neighbours(means.facts) };
  const secrets = known(request.secrets, part.needs.secrets, 'secret');
  return pulumi
    .all([pulumi.all(facts), pulumi.all(secrets), pulumi.all(request.logins)])
    .apply(([facts, secrets, logins]) => {
      const items = part.items({ ...inputOf(request, means), facts, secrets, logins });
      return new Map(items.map(({ key, manifest }) => [`${manifest.kind} ${key}`, manifest]));
    });
}

const neighbours = (facts: KnownFacts['facts']) =>
  Object.fromEntries(Object.entries(facts).filter(([name]) => name.startsWith('neighbours.')));

/** Returns a part's objects before any value is known: which they are depends on no value */
function outline(request: DeliveryRequest, means: Means, { needs, items }: Part): readonly Item[] {
  const logins = Object.entries(request.logins).map(([name, { user }]) => [name, { user, password: '' }]);
  return items({ ...inputOf(request, means), ...blanks(needs), logins: Object.fromEntries(logins) });
}

const blanks = ({ refs, secrets }: Needs) => ({
  facts: Object.fromEntries(refs.map((name) => [name, ''])),
  secrets: Object.fromEntries(secrets.map((name) => [name, ''])),
});

const inputOf = (
  { blueprint, environment, images }: DeliveryRequest,
  { secretFacts }: Means,
): Omit<ClusterInput, 'facts' | 'secrets' | 'logins'> => ({
  ...{ blueprint, environment: environment.name, images, secretFacts },
  settings: clusterSettings(environment.clouds.kubernetes),
});

function given<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`the blueprint names ${name}, which a cluster does not give`);
  return value;
}
