import { z } from 'zod';
import {
  type CallContext,
  type Properties,
  type ResourceHandler,
  secret,
  UNKNOWN,
  unwrap,
} from '../../../pulumi/plugin.ts';
import {
  inspectContainer,
  lastLines,
  makeContainer,
  makeVolume,
  removeContainer,
  removeVolume,
  startContainer,
} from './containers.ts';
import { checked, parsed, type placed } from './inputs.ts';
import { isOurs, type Owner, ownerOf } from './owner.ts';
import { until } from './wait.ts';

/** One kind of receiver: a container that stands in for a service which a cloud would offer. */
export interface Receiver<Inputs extends Placed> {
  inputs: z.ZodType<Inputs>;
  /** Inputs whose change loses data and secrets; any other makes the container again around them. */
  replaceOn: readonly string[];
  /** What others need to reach it, known before it is made. */
  facts: Readonly<Record<string, (inputs: Inputs) => unknown>>;
  /** Made once, and kept as long as the receiver, whatever becomes of its container. */
  secrets: Readonly<Record<string, () => string>>;
  /** The container's environment. */
  environment(inputs: Inputs, secrets: Secrets): Record<string, string>;
  /** Where its data lies inside the container: on a volume of its own, or in a folder of the host that it only reads. */
  data: { folder: string; from?: (inputs: Inputs) => string };
  /** What its first answer tells, by name. */
  found?: readonly string[];
  /** Asked until it gives something, which then joins the state: the receiver works. */
  ready(inputs: Inputs, secrets: Secrets): Promise<Properties | undefined>;
}

export type Placed = z.infer<z.ZodObject<typeof placed>>;
export type Secrets = Readonly<Record<string, string>>;

const READY_SECONDS = 300;

/**
 * A receiver as a resource. A container that is gone or stopped is found by a refresh, and made again with the same
 * secrets and data by the next `up`.
 */
export function receiver<Inputs extends Placed>(kind: Receiver<Inputs>): ResourceHandler {
  const found = kind.found ?? [];
  return {
    replaceOn: kind.replaceOn,
    deleteBeforeReplace: true,
    check: (news) => checked(kind.inputs, { ...news, running: true }),
    async create(inputs, context) {
      if (context.preview) {
        const secrets = Object.keys(kind.secrets).map((name) => [name, secret(UNKNOWN)]);
        const later = found.map((name) => [name, UNKNOWN]);
        return { id: '', state: { ...withFacts(kind, inputs), ...Object.fromEntries([...secrets, ...later]) } };
      }
      const wanted = parsed(kind.inputs, inputs);
      const owner = ownerOf(context.urn);
      const secrets = Object.fromEntries(Object.entries(kind.secrets).map(([name, make]) => [name, make()]));
      try {
        const answer = await run(kind, wanted, secrets, owner, context);
        return { id: wanted.name, state: { ...withFacts(kind, inputs), ...wrapped(secrets), ...answer } };
      } catch (error) {
        await remove(wanted.name, owner);
        throw error;
      }
    },
    async read(id, state, inputs, { urn }) {
      const container = await inspectContainer(id);
      const runs = container?.State.Status === 'running' && isOurs(container.Config.Labels, ownerOf(urn));
      return { state, inputs: runs ? inputs : { ...inputs, running: false } };
    },
    async update(_id, olds, news, context) {
      const kept = pick(olds, [...Object.keys(kind.secrets), ...found]);
      const state = { ...withFacts(kind, news), ...kept };
      if (context.preview) return state;
      const secrets = secretsSchema.parse(unwrap(pick(olds, Object.keys(kind.secrets))));
      const answer = await run(kind, parsed(kind.inputs, news), secrets, ownerOf(context.urn), context);
      return { ...state, ...answer };
    },
    delete: (id, _state, { urn }) => remove(id, ownerOf(urn)),
  };
}

async function run<Inputs extends Placed>(
  kind: Receiver<Inputs>,
  inputs: Inputs,
  secrets: Secrets,
  owner: Owner,
  { signal }: CallContext,
): Promise<Properties> {
  const { name, network, address, aliases, image } = inputs;
  const hostFolder = kind.data.from?.(inputs);
  if (hostFolder === undefined) await makeVolume(volumeOf(name), owner);
  const mount = hostFolder
    ? { Type: 'bind', Source: hostFolder, ReadOnly: true }
    : { Type: 'volume', Source: volumeOf(name) };
  await makeContainer(name, owner, {
    Image: image,
    Env: Object.entries(kind.environment(inputs, secrets)).map(([key, value]) => `${key}=${value}`),
    HostConfig: {
      Mounts: [{ ...mount, Target: kind.data.folder }],
      NetworkMode: network,
      RestartPolicy: { Name: 'unless-stopped' },
    },
    NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: address }, Aliases: aliases } } },
  });
  await startContainer(name);
  return until(
    READY_SECONDS,
    signal,
    () => kind.ready(inputs, secrets),
    async () =>
      `${name} at ${address} was not ready within ${READY_SECONDS} s; its last lines:\n${await lastLines(name)}`,
  );
}

async function remove(name: string, owner: Owner): Promise<void> {
  await removeContainer(name, owner);
  await removeVolume(volumeOf(name), owner);
}

const volumeOf = (name: string) => `${name}-data`;

/** In a preview an input may not be known yet, and then what follows from it isn't either. */
function withFacts<Inputs extends Placed>(kind: Receiver<Inputs>, inputs: Properties): Properties {
  const known = kind.inputs.safeParse(unwrap(inputs));
  const facts = Object.entries(kind.facts).map(([name, fact]) => [name, known.success ? fact(known.data) : UNKNOWN]);
  return { ...inputs, ...Object.fromEntries(facts) };
}

function wrapped(secrets: Secrets): Properties {
  return Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, secret(value)]));
}

function pick(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(names.map((name) => [name, properties[name]]));
}

const secretsSchema = z.record(z.string(), z.string());
