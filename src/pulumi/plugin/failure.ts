import grpc from '@grpc/grpc-js';
import proto from '@pulumi/pulumi/proto/provider_pb.js';
import statusProto from '@pulumi/pulumi/proto/status_pb.js';
import anyProto from 'google-protobuf/google/protobuf/any_pb.js';
import { PartialFailure } from './handler.ts';
import { toStruct } from './struct.ts';

/** Returns an error in the engine's format: a text and, for a partly created resource, the state to keep */
export function failure(error: unknown): Partial<grpc.StatusObject> {
  const message = error instanceof Error ? error.message : String(error);
  const status = { code: grpc.status.UNKNOWN, details: message };
  return error instanceof PartialFailure ? { ...status, metadata: halfMade(error) } : status;
}

function halfMade(error: PartialFailure): grpc.Metadata {
  const detail = new proto.ErrorResourceInitFailed()
    .setId(error.id)
    .setProperties(toStruct(error.state))
    .setReasonsList([error.message]);
  if (error.inputs) detail.setInputs(toStruct(error.inputs));
  const any = new anyProto.Any();
  any.pack(detail.serializeBinary(), 'pulumirpc.ErrorResourceInitFailed');
  const status = new statusProto.Status().setCode(grpc.status.UNKNOWN).setMessage(error.message);
  status.addDetails(any);
  const metadata = new grpc.Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(status.serializeBinary()));
  return metadata;
}
