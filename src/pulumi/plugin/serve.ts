import grpc from '@grpc/grpc-js';
import providerServices from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import { EngineMessages } from './engine.ts';
import type { Provider } from './handler.ts';
import { service } from './service.ts';

/** Serves a provider to the engine that started this process, until the engine stops it */
export function serve(provider: Provider): void {
  const engine = new EngineMessages();
  const address = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
  if (address !== undefined) {
    engine.connect(address);
    stopWithEngine();
  }
  // The engine waits 5 s for a plugin that does not exit immediately
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));

  const server = new grpc.Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  server.addService(providerServices.ResourceProviderService, service(provider, engine));
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    // The engine reads the port from the first line
    process.stdout.write(`${port}\n`);
  });
}

/** A killed engine sends no stop request, but its end of this process's standard input closes */
function stopWithEngine(): void {
  process.stdin.on('end', () => process.exit(1)).resume();
}
