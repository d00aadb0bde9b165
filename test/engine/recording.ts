import { EventEmitter } from 'node:events';
import grpc from '@grpc/grpc-js';
import providerServices from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import proto from '@pulumi/pulumi/proto/provider_pb.js';
import structProto from 'google-protobuf/google/protobuf/struct_pb.js';
import type { Answers } from '../../src/policy/answers.ts';
import { EngineMessages } from '../../src/pulumi/plugin/engine.ts';
import { service } from '../../src/pulumi/plugin/service.ts';
import { PartialFailure, type Properties, type ResourceHandler, UNKNOWN, unwrap } from '../../src/pulumi/plugin.ts';

/** A call of the engine's that changed, or would have changed, something */
export interface Call {
  does: 'create' | 'update' | 'delete';
  type: string;
  name: string;
}

/** Providers of clouds that make nothing: they take any resource, keep what it was asked for, and invent the rest */
export interface RecordingProviders {
  /** For `PULUMI_DEBUG_PROVIDERS`, by which an engine attaches to them */
  attach: string;
  /** What was really done, in order, previews apart; emptied by whoever reads it */
  calls: Call[];
  /** There is this in the cloud already, which an import finds by its id */
  exists(id: string, inputs: Properties): void;
  /** What functions answer from now on, besides those given at the start */
  answer(token: string, answer: Answers[string]): void;
  /** The next making of this fails half way, for this reason: something stands by then, which never ran */
  failHalfWay(type: string, name: string, reason: string): void;
  /** The next change of this resource fails for this reason, and leaves it as it was */
  failUpdate(name: string, reason: string): void;
  stop(): void;
}

interface Given {
  /** The packages that are attached to */
  packages: readonly string[];
  /** What providers would give, by type and by function */
  answers: Answers;
  functions: Answers;
  /** Inputs whose change a cloud can't make in place, by type */
  replaceOn: Readonly<Record<string, readonly string[]>>;
}

/** Starts them in this process */
export async function recordingProviders({
  packages,
  answers,
  functions,
  replaceOn,
}: Given): Promise<RecordingProviders> {
  // Engines come and go over the same connection's signals
  EventEmitter.defaultMaxListeners = 50;
  const calls: Call[] = [];
  const standing = new Map<string, Properties>();
  const later: Record<string, Answers[string]> = {};
  const failing = new Map<string, string>();
  const failingUpdates = new Map<string, string>();
  const handlers = new Proxy<Record<string, ResourceHandler>>(
    {},
    {
      get: (_, type) =>
        typeof type === 'string'
          ? handler(type, { calls, standing, answers, replaceOn, failing, failingUpdates })
          : undefined,
    },
  );
  const provider = { name: 'recording', version: '99.0.0', resources: handlers };
  const server = new grpc.Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  server.addService(providerServices.ResourceProviderService, {
    ...service(provider, new EngineMessages()),
    // Any inputs will do, as they are: what isn't read costs a preview nothing
    check: (call: { request: proto.CheckRequest }, done: (error: null, response: proto.CheckResponse) => void) =>
      done(null, new proto.CheckResponse().setInputs(call.request.getNews())),
    invoke: (call: { request: proto.InvokeRequest }, done: (error: null, response: proto.InvokeResponse) => void) => {
      const token = call.request.getTok();
      const inputs = unwrap(call.request.getArgs()?.toJavaScript() ?? {}) as Record<string, never>;
      const found = (later[token] ?? functions[token])?.(inputs as never, token) ?? inputs;
      const response = structProto.Struct.fromJavaScript({ ...inputs, ...found } as never);
      done(null, new proto.InvokeResponse().setReturn(response));
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return {
    attach: packages.map((name) => `${name}:${port}`).join(','),
    calls,
    exists: (id, inputs) => standing.set(id, inputs),
    answer: (token, answer) => {
      later[token] = answer;
    },
    failHalfWay: (type, name, reason) => failing.set(`${type}::${name}`, reason),
    failUpdate: (name, reason) => failingUpdates.set(name, reason),
    stop: () => server.forceShutdown(),
  };
}

interface World extends Pick<Given, 'answers' | 'replaceOn'> {
  calls: Call[];
  /** What there is, by id */
  standing: Map<string, Properties>;
  /** Why the next making of a resource fails, by its type and name */
  failing: Map<string, string>;
  /** Why the next change of a resource fails, by its name */
  failingUpdates: Map<string, string>;
}

/** One type of resource: made at once, changed in place where the cloud can, deleted when nothing names it any more */
function handler(type: string, world: World): ResourceHandler {
  const { calls, standing, answers, replaceOn, failing, failingUpdates } = world;
  const invented = (inputs: Properties, name: string) => answers[type]?.(unwrap(inputs) as never, name) ?? {};
  return {
    replaceOn: replaceOn[type] ?? [],
    async read(id, state, inputs, { name }) {
      const there = standing.get(id);
      if (!there) return undefined;
      const isNew = Object.keys(inputs).length === 0;
      return isNew ? { state: { ...there, ...invented(there, name), id }, inputs: there } : { state, inputs };
    },
    async create(inputs, { name, preview }) {
      const { id = `${name}-${type.replace(/^.*:/, '')}`, ...outputs } = invented(inputs, name);
      const known = Object.keys(outputs).map((key) => [key, preview ? UNKNOWN : outputs[key]]);
      if (preview) return { id: '', state: { ...inputs, ...Object.fromEntries(known) } };
      calls.push({ does: 'create', type, name });
      standing.set(`${id}`, inputs);
      const reason = failing.get(`${type}::${name}`);
      if (reason !== undefined) {
        failing.delete(`${type}::${name}`);
        throw new PartialFailure(reason, { id: `${id}`, state: inputs });
      }
      return { id: `${id}`, state: { ...inputs, ...Object.fromEntries(known) } };
    },
    async update(id, olds, news, { name, preview }) {
      if (preview) return { ...olds, ...news };
      calls.push({ does: 'update', type, name });
      const reason = failingUpdates.get(name);
      failingUpdates.delete(name);
      if (reason !== undefined) throw new Error(reason);
      standing.set(id, news);
      return { ...olds, ...news };
    },
    async delete(id, _state, { name }) {
      const user = [...standing].find(([other, inputs]) => other !== id && names(inputs, id));
      if (user) throw new Error(`${type} ${name} is in use by ${user[0]}`);
      calls.push({ does: 'delete', type, name });
      standing.delete(id);
    },
  };
}

/** Whether what was asked for names an id, as a whole text anywhere in it */
const names = (value: unknown, id: string): boolean => {
  const open = unwrap(value);
  if (typeof open !== 'object' || open === null) return open === id;
  return Object.values(open).some((inner) => names(inner, id));
};
