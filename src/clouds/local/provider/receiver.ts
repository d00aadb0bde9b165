import { z } from 'zod';
import {
  type CallContext,
  markSecret,
  type Properties,
  type ResourceHandler,
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
import { checkInputs, parsed, type placed } from './inputs.ts';
import { isOurs, type Owner, ownerOf } from './owner.ts';
import { until } from './wait.ts';

/** A kind of receiver: a container that replaces a service of a cloud */
export interface Receiver<Inputs extends Placed> {
  inputs: z.ZodType<Inputs>;
  /**
   * Inputs whose change replaces the receiver and loses its data and secrets; any other change only recreates the
   * container
   */
  replaceOn: readonly string[];
  /** Outputs that are known before the container exists */
  facts: Readonly<Record<string, (inputs: Inputs) => unknown>>;
  /** Secrets, generated once and kept until the receiver is deleted, even if its container is recreated */
  secrets: Readonly<Record<string, () => string>>;
  /** Returns the container's environment variables */
  environment(inputs: Inputs, secrets: ReceiverSecrets): Record<string, string>;
  /**
   * Folder of the data in the container. It is mounted from a volume, or read-only from a folder of the host if `from`
   * returns one.
   */
  data: { folder: string; from?: (inputs: Inputs) => string };
  /** Names of the outputs that `ready` returns */
  found?: readonly string[];
  /**
   * Called until it returns something other than `undefined`: the receiver works, and the result is added to its
   * outputs
   */
  ready(inputs: Inputs, secrets: ReceiverSecrets): Promise<Properties | undefined>;
}

export type Placed = z.infer<z.ZodObject<typeof placed>>;
export type ReceiverSecrets = Readonly<Record<string, string>>;

const READY_SECONDS = 300;

/**
 * Returns the resource handler of a receiver. A refresh detects a missing or stopped container, and the next `up`
 * recreates it with the same secrets and data.
 */
export function receiver<Inputs extends Placed>(kind: Receiver<Inputs>): ResourceHandler {
  const found = kind.found ?? [];
  return {
    replaceOn: kind.replaceOn,
    deleteBeforeReplace: true,
    check: (news) => checkInputs(kind.inputs, { ...news, running: true }),
    async create(inputs, context) {
      if (context.preview) {
        const secrets = Object.keys(kind.secrets).map((name) => [name, markSecret(UNKNOWN)]);
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
  secrets: ReceiverSecrets,
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

/** Adds the facts to the inputs; in a preview, facts of unknown inputs are unknown as well */
function withFacts<Inputs extends Placed>(kind: Receiver<Inputs>, inputs: Properties): Properties {
  const known = kind.inputs.safeParse(unwrap(inputs));
  const facts = Object.entries(kind.facts).map(([name, fact]) => [name, known.success ? fact(known.data) : UNKNOWN]);
  return { ...inputs, ...Object.fromEntries(facts) };
}

function wrapped(secrets: ReceiverSecrets): Properties {
  return Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, markSecret(value)]));
}

function pick(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(names.map((name) => [name, properties[name]]));
}

const secretsSchema = z.record(z.string(), z.string());
