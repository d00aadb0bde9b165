import { createServer } from 'node:http';

/** Server that a program run by the engine asks whether the deployment may continue */
export interface Gate {
  close(): Promise<void>;
}

/**
 * Answers programs on a socket. The first request decides the answer for all: the engine runs the program for the
 * preview and again for the update, under one lock.
 * @param socket path of the socket, in a folder that only its owner can access
 * @param obstacle returns why the deployment may not continue; undefined where it may
 */
export async function openGate(socket: string, obstacle: () => Promise<string | undefined>): Promise<Gate> {
  let answer: Promise<string | undefined> | undefined;
  const server = createServer(async (_, response) => {
    answer ??= obstacle().catch((error: Error) => error.message);
    const words = await answer;
    response.writeHead(words === undefined ? 204 : 409, { connection: 'close' }).end(words);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}
