import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';
import type { Ask } from '../../model/clusterAccess.ts';
import { scrubbed } from '../../process/scrubbed.ts';
import { jobLabels, namespaceOf, podLabels } from '../../render/cluster/input.ts';
import type { Item } from '../../render/cluster/manifest.ts';
import type { DeliveryRequest } from '../cloud.ts';
import { loginFrom } from './access.ts';
import { asking } from './api.ts';
import { failingPod, noted, type Reason, reasonsOf } from './reasons.ts';
import { rolledOut } from './rollout.ts';

/** What is done about a resource whose pods start */
export interface Watch {
  /** Has its pods looked at while they do */
  hooks(item: Item, name: string): pulumi.ResourceHookBinding;
  /** Returns it once its pods are those of this release */
  settled(item: Item, name: string, resource: pulumi.CustomResource): pulumi.Output<pulumi.CustomResource>;
}

const pollMilliseconds = 2000;
/** What may pass by itself is told once it has lasted so long */
const patienceMilliseconds = 30_000;

/**
 * Returns what looks at the pods of a system while the provider waits for them, and tells why they do not start or do not
 * become ready: they know, and the provider waits until its deadline and does not say
 */
export function watchedWorkloads(request: DeliveryRequest): Watch {
  const items = new Map<string, Item>();
  const ends = new Map<string, () => void>();
  const ask = askedOnceKnown(request);
  const begin = new pulumi.ResourceHook(`${request.blueprint.system}-starts`, async ({ name }) => {
    const item = items.get(name);
    if (item) ends.set(name, watched(request, item, name, ask));
  });
  const end = new pulumi.ResourceHook(`${request.blueprint.system}-runs`, async ({ name }) => {
    if (!isAwaitedHere(items.get(name))) ends.get(name)?.();
  });
  const hooks = { beforeCreate: [begin], beforeUpdate: [begin], afterCreate: [end], afterUpdate: [end] };
  return {
    hooks(item, name) {
      items.set(name, item);
      return hooks;
    },
    settled: (item, name, resource) =>
      resource.id.apply(async () => {
        const access = isAwaitedHere(item) && !pulumi.runtime.isDryRun() ? await ask() : undefined;
        const { replicas = 1 } = (item.manifest.spec ?? {}) as { replicas?: number };
        if (access) await rolledOut(access.ask, item.manifest, (item.waitSeconds ?? 0) / replicas, ends.has(name));
        ends.get(name)?.();
        return resource;
      }),
  };
}

const isAwaitedHere = (item: Item | undefined): boolean => item?.manifest.kind === 'StatefulSet';

type Asked = () => Promise<{ ask: Ask; secrets: readonly string[] } | undefined>;

/** How the cluster is asked, and what may not be told; known once the first objects are made */
function askedOnceKnown({ environment, secrets, ownSecrets }: DeliveryRequest): Asked {
  const known = new Promise<[Record<string, string>, Record<string, string>]>((resolve) =>
    pulumi.all([pulumi.all(secrets), pulumi.all(ownSecrets)]).apply(([of, own]) => resolve([of, own])),
  );
  return async () => {
    const [of, own] = await known;
    const login = loginFrom(environment, own);
    if (login === 'program' || 'message' in login) return undefined;
    return { ask: asking(login), secrets: [...Object.values(of), ...Object.values(own)] };
  };
}

/** Looks at the pods of a workload until it is ended; it keeps no program from ending */
function watched({ blueprint, environment, parent }: DeliveryRequest, item: Item, name: string, asked: Asked) {
  const namespace = namespaceOf(blueprint.system, environment.name);
  const isDue = dueOnce();
  let isEnded = false;
  const look = async (): Promise<void> => {
    const access = await asked();
    if (!access || isEnded) return;
    const due = (await reasons(access.ask, namespace, item)).filter(isDue);
    for (const { pod, container, text } of isEnded ? [] : due) {
      const what = container === undefined ? pod : `container ${container} of ${pod}`;
      await pulumi.log.warn(`${name}: ${scrubbed(`${what} ${text}`, access.secrets)}`, parent);
    }
  };
  const next = (): void => void setTimeout(again, pollMilliseconds).unref();
  // What can't be read is told by the provider
  const again = () =>
    look()
      .catch(() => undefined)
      .finally(() => isEnded || next());
  next();
  return (): void => {
    isEnded = true;
  };
}

/** Returns whether a reason is told now: once, and one that may pass after it has lasted */
function dueOnce(): (reason: Reason) => boolean {
  const from = new Map<string, number>();
  return ({ pod, container = '', text, mayPass }) => {
    const key = [pod, container, text].join(' ');
    const due = from.get(key) ?? Date.now() + (mayPass ? patienceMilliseconds : 0);
    const isDue = Date.now() >= due;
    from.set(key, isDue ? Number.POSITIVE_INFINITY : due);
    return isDue;
  };
}

const listOf = <Schema extends z.ZodType>(schema: Schema) => z.object({ items: z.array(schema) });

async function reasons(ask: Ask, namespace: string, { role = '', manifest }: Item): Promise<readonly Reason[]> {
  const { name } = manifest.metadata;
  const ofJob = { ...jobLabels(role), 'batch.kubernetes.io/job-name': name };
  const labels = manifest.kind === 'Job' ? ofJob : podLabels(role);
  const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const listed = async <Schema extends z.ZodType>(what: string, schema: Schema) =>
    listOf(schema).parse((await ask(`/api/v1/namespaces/${namespace}/${what}`)).body).items;
  const pods = await listed(`pods?labelSelector=${encodeURIComponent(selector.join(','))}`, failingPod);
  return reasonsOf(name, pods, await listed('events', noted));
}
