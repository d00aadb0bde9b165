import grpc from '@grpc/grpc-js';
import proto from '@pulumi/pulumi/proto/provider_pb.js';
import statusProto from '@pulumi/pulumi/proto/status_pb.js';
import { expect, test } from 'vitest';
import { EngineMessages } from '../../../../src/pulumi/plugin/engine.ts';
import { failure } from '../../../../src/pulumi/plugin/failure.ts';
import { PartialFailure, type ResourceHandler } from '../../../../src/pulumi/plugin/handler.ts';
import { service } from '../../../../src/pulumi/plugin/service.ts';
import { fromStruct, toStruct } from '../../../../src/pulumi/plugin/struct.ts';

const thing: ResourceHandler = {
  replaceOn: ['name'],
  deleteBeforeReplace: true,
  create: async (inputs, { preview }) => ({ id: preview ? 'never shown' : 'made', state: inputs }),
  read: async (id, state, inputs) => (id === 'gone' ? undefined : { state, inputs }),
  update: async (_id, _olds, news) => news,
};
const fixed: ResourceHandler = { create: thing.create };

test('a change of an input that replaces says so, with its path', async () => {
  const response = await diff('test:index:Thing', { name: 'a', size: { cpu: 1 } }, { name: 'b', size: { cpu: 2 } });
  expect(response.getReplacesList()).toEqual(['name']);
  expect(response.getDiffsList()).toEqual(['name', 'size']);
  expect(response.getDeletebeforereplace()).toBe(true);
  const { UPDATE, UPDATE_REPLACE } = proto.PropertyDiff.Kind;
  const kinds = response.getDetaileddiffMap();
  expect(kinds.getLength()).toBe(2);
  expect(kinds.get('name')?.getKind()).toBe(UPDATE_REPLACE);
  expect(kinds.get('size.cpu')?.getKind()).toBe(UPDATE);
});

test('nothing changed is no diff; a resource that can not be updated is replaced', async () => {
  const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
  expect((await diff('test:index:Thing', { name: 'a' }, { name: 'a' })).getChanges()).toBe(DIFF_NONE);
  const replaced = await diff('test:index:Fixed', { size: 1 }, { size: 2 });
  expect([replaced.getChanges(), replaced.getReplacesList()]).toEqual([DIFF_SOME, ['size']]);
});

test('a preview has no id, and what is gone has none either', async () => {
  const create = new proto.CreateRequest().setType('test:index:Thing').setProperties(toStruct({ a: 1 }));
  expect((await call<proto.CreateResponse>('create', create)).getId()).toBe('made');
  const preview = await call<proto.CreateResponse>('create', create.setPreview(true));
  expect([preview.getId(), fromStruct(preview.getProperties())]).toEqual(['', { a: 1 }]);
  const read = new proto.ReadRequest().setType('test:index:Thing').setId('gone');
  expect((await call<proto.ReadResponse>('read', read)).getId()).toBe('');
});

test('an unknown type is refused by name', async () => {
  const request = new proto.CreateRequest().setType('test:index:Other');
  await expect(call('create', request)).rejects.toMatchObject({
    details: 'test serves no test:index:Other; it serves test:index:Thing, test:index:Fixed',
  });
});

test('a function answers a program, and one that is not served is refused by name', async () => {
  const request = new proto.InvokeRequest().setTok('test:index:double').setArgs(toStruct({ number: 21 }));
  const response = await call<proto.InvokeResponse>('invoke', request);
  expect(fromStruct(response.getReturn())).toEqual({ number: 42 });
  await expect(call('invoke', request.setTok('test:index:half'))).rejects.toMatchObject({
    details: 'test: no function test:index:half',
  });
});

test('what was half made is kept in the state', () => {
  const status = failure(new PartialFailure('it never answered', { id: 'half', state: { a: 1 } }));
  expect(status).toMatchObject({ code: grpc.status.UNKNOWN, details: 'it never answered' });
  const bytes = status.metadata?.get('grpc-status-details-bin')[0];
  const [any] = statusProto.Status.deserializeBinary(Buffer.from(bytes ?? '')).getDetailsList();
  const detail = any?.unpack(proto.ErrorResourceInitFailed.deserializeBinary, 'pulumirpc.ErrorResourceInitFailed');
  expect(detail?.getId()).toBe('half');
  expect(fromStruct(detail?.getProperties())).toEqual({ a: 1 });
  expect(detail?.getReasonsList()).toEqual(['it never answered']);
});

const served = service(
  {
    ...{ name: 'test', version: '1.0.0' },
    resources: { 'test:index:Thing': thing, 'test:index:Fixed': fixed },
    functions: { 'test:index:double': async ({ number }) => ({ number: Number(number) * 2 }) },
  },
  new EngineMessages(),
);

function diff(type: string, olds: Record<string, unknown>, news: Record<string, unknown>): Promise<proto.DiffResponse> {
  const request = new proto.DiffRequest().setType(type).setOldInputs(toStruct(olds)).setNews(toStruct(news));
  return call('diff', request);
}

function call<Response>(method: string, request: unknown): Promise<Response> {
  const handle = served[method] as grpc.handleUnaryCall<unknown, Response>;
  return new Promise((resolve, reject) => {
    const received = { request } as grpc.ServerUnaryCall<unknown, Response>;
    handle(received, (error, response) => (error ? reject(error) : resolve(response as Response)));
  });
}
