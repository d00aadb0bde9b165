import type { handleUnaryCall, sendUnaryData, UntypedServiceImplementation } from '@grpc/grpc-js';
import pluginProto from '@pulumi/pulumi/proto/plugin_pb.js';
import proto from '@pulumi/pulumi/proto/provider_pb.js';
import emptyProto from 'google-protobuf/google/protobuf/empty_pb.js';
import { type ChangeKind, changes, topLevel } from './diff.ts';
import type { EngineMessages } from './engine.ts';
import { failure } from './failure.ts';
import type { CallContext, CheckContext, Provider, ResourceHandler } from './handler.ts';
import { fromStruct, toStruct } from './struct.ts';
import type { Properties } from './values.ts';

/** Returns the gRPC service of a provider, which converts the engine's calls to calls of its handlers */
export function service(provider: Provider, engine: EngineMessages): UntypedServiceImplementation {
  const stopping = new AbortController();
  const about = (request: Named, preview: boolean): CallContext => ({
    urn: request.getUrn(),
    name: request.getName(),
    preview,
    signal: stopping.signal,
    log: (message, options) => engine.log(request.getUrn(), message, options),
  });
  const handlerOf = (request: Named): ResourceHandler => {
    const token = request.getType();
    const handler = provider.resources[token];
    if (handler === undefined) throw new Error(provider.refuse?.(token) ?? unserved(provider, token));
    return handler;
  };

  return {
    handshake: unary((request: proto.ProviderHandshakeRequest) => {
      if (request.getEngineAddress() !== '') engine.connect(request.getEngineAddress());
      return new proto.ProviderHandshakeResponse().setAcceptSecrets(true);
    }),
    attach: unary((request: pluginProto.PluginAttach) => {
      engine.connect(request.getAddress());
      return new emptyProto.Empty();
    }),
    getPluginInfo: unary(() => new pluginProto.PluginInfo().setVersion(provider.version)),
    getSchema: unary(() => {
      const { name, version } = provider;
      return new proto.GetSchemaResponse().setSchema(JSON.stringify({ name, version, resources: {} }));
    }),
    checkConfig: unary((request: proto.CheckRequest) => new proto.CheckResponse().setInputs(request.getNews())),
    diffConfig: unary(() => new proto.DiffResponse()),
    configure: unary(async (request: proto.ConfigureRequest) => {
      await provider.configure?.(fromStruct(request.getArgs()));
      return new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),
    cancel: unary(() => {
      stopping.abort();
      return new emptyProto.Empty();
    }),
    invoke: unary(async (request: proto.InvokeRequest) => {
      const token = request.getTok();
      const answer = provider.functions?.[token];
      if (!answer) throw new Error(provider.refuse?.(token) ?? `${provider.name}: no function ${token}`);
      return new proto.InvokeResponse().setReturn(toStruct(await answer(fromStruct(request.getArgs()))));
    }),
    check: unary(async (request: proto.CheckRequest) => {
      const news = fromStruct(request.getNews());
      const olds = request.hasOlds() ? fromStruct(request.getOlds()) : undefined;
      const context: CheckContext = { urn: request.getUrn(), name: request.getName() };
      const seed = request.getRandomseed_asU8();
      if (seed.length > 0) context.randomSeed = seed;
      const result = (await handlerOf(request).check?.(news, olds, context)) ?? { inputs: news };
      const failures = (result.failures ?? []).map(({ property, reason }) =>
        new proto.CheckFailure().setProperty(property).setReason(reason),
      );
      return new proto.CheckResponse().setInputs(toStruct(result.inputs)).setFailuresList(failures);
    }),
    diff: unary((request: proto.DiffRequest) => {
      const olds = fromStruct(request.getOldInputs() ?? request.getOlds());
      return diff(handlerOf(request), olds, fromStruct(request.getNews()), request.getIgnorechangesList());
    }),
    create: unary(async (request: proto.CreateRequest) => {
      const context = about(request, request.getPreview());
      const { id, state } = await handlerOf(request).create(fromStruct(request.getProperties()), context);
      return new proto.CreateResponse().setId(context.preview ? '' : id).setProperties(toStruct(state));
    }),
    read: unary(async (request: proto.ReadRequest) => {
      const state = fromStruct(request.getProperties());
      const inputs = fromStruct(request.getInputs());
      const handler = handlerOf(request);
      const found = handler.read
        ? await handler.read(request.getId(), state, inputs, about(request, false))
        : { state, inputs };
      const response = new proto.ReadResponse();
      if (found === undefined) return response;
      return response.setId(request.getId()).setProperties(toStruct(found.state)).setInputs(toStruct(found.inputs));
    }),
    update: unary(async (request: proto.UpdateRequest) => {
      const handler = handlerOf(request);
      if (handler.update === undefined) throw new Error(`${request.getType()} can't be updated, only replaced`);
      const olds = fromStruct(request.getOlds());
      const news = fromStruct(request.getNews());
      const state = await handler.update(request.getId(), olds, news, about(request, request.getPreview()));
      return new proto.UpdateResponse().setProperties(toStruct(state));
    }),
    delete: unary(async (request: proto.DeleteRequest) => {
      const state = fromStruct(request.getProperties());
      await handlerOf(request).delete?.(request.getId(), state, about(request, false));
      return new emptyProto.Empty();
    }),
  };
}

interface Named {
  getUrn(): string;
  getName(): string;
  getType(): string;
}

function unary<Request, Response>(answer: (request: Request) => Response | Promise<Response>) {
  const handle: handleUnaryCall<Request, Response> = (call, callback: sendUnaryData<Response>) => {
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(failure(error)),
      );
  };
  return handle;
}

function diff(handler: ResourceHandler, olds: Properties, news: Properties, ignored: string[]): proto.DiffResponse {
  const found = changes(olds, news, [...(handler.diffIgnores ?? []), ...ignored]);
  const replaces = (path: string) => !handler.update || (handler.replaceOn ?? []).includes(topLevel(path));
  const response = new proto.DiffResponse();
  for (const [path, kind] of found) {
    const change = new proto.PropertyDiff().setInputdiff(true).setKind(wireKind(kind, replaces(path)));
    response.getDetaileddiffMap().set(path, change);
  }
  const paths = [...found.keys()];
  const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
  return response
    .setChanges(paths.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList([...new Set(paths.map(topLevel))])
    .setReplacesList([...new Set(paths.filter(replaces).map(topLevel))])
    .setHasdetaileddiff(true)
    .setDeletebeforereplace(handler.deleteBeforeReplace ?? false);
}

function wireKind(kind: ChangeKind, replaces: boolean) {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = proto.PropertyDiff.Kind;
  if (kind === 'add') return replaces ? ADD_REPLACE : ADD;
  if (kind === 'delete') return replaces ? DELETE_REPLACE : DELETE;
  return replaces ? UPDATE_REPLACE : UPDATE;
}

function unserved(provider: Provider, token: string): string {
  return `${provider.name} serves no ${token}; it serves ${Object.keys(provider.resources).join(', ')}`;
}
