import grpc from '@grpc/grpc-js';
import engineServices from '@pulumi/pulumi/proto/engine_grpc_pb.js';
import engineProto from '@pulumi/pulumi/proto/engine_pb.js';
import type { LogOptions } from './handler.ts';

/** Connection to the engine that started this plugin or attached to it, for messages */
export class EngineMessages {
  #client: InstanceType<typeof engineServices.EngineClient> | undefined;

  connect(address: string): void {
    this.#client?.close();
    this.#client = new engineServices.EngineClient(address, grpc.credentials.createInsecure());
  }

  /**
   * Resolves once the engine has received the message. Undeliverable messages are dropped: logging must never fail the
   * operation.
   */
  log(urn: string, message: string, options: LogOptions = {}): Promise<void> {
    const client = this.#client;
    if (client === undefined) return Promise.resolve();
    const request = new engineProto.LogRequest();
    request.setUrn(urn);
    request.setMessage(message);
    request.setSeverity(severities[options.severity ?? 'info']);
    request.setEphemeral(options.ephemeral ?? false);
    return new Promise((resolve) => client.log(request, () => resolve()));
  }
}

const severities = {
  debug: engineProto.LogSeverity.DEBUG,
  info: engineProto.LogSeverity.INFO,
  warning: engineProto.LogSeverity.WARNING,
  error: engineProto.LogSeverity.ERROR,
};
