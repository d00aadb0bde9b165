import { createServer } from 'node:http';

/** Where a program that the engine runs asks whether the deployment may go on */
export interface Gate {
  close(): Promise<void>;
}

/**
 * Answers programs at a socket, the first time after a look and then the same: the engine runs the program for its preview
 * and again for the update, under one lock.
 * @param socket the socket's path, in a folder of its owner's alone
 * @param obstacle why the deployment may not go on; nothing where it may
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
