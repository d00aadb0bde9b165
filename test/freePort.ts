import { createServer } from 'node:net';

/** Below the ports that a kernel gives to whoever asks for any: no connection and no other server takes one by chance */
const [first, count] = [18_000, 12_000];

/** A port of 127.0.0.1 on which nothing listens, and nothing will unless it is told to. */
export async function freePort(): Promise<number> {
  const port = first + Math.floor(Math.random() * count);
  return (await isFree(port)) ? port : freePort();
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
