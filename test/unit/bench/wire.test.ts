import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Wire, wire } from '../../bench/peers/wire.ts';
import { freePort } from '../../freePort.ts';

let echo: Server;
let relay: Wire;

beforeAll(async () => {
  echo = createServer((socket) => socket.pipe(socket));
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const { port } = echo.address() as { port: number };
  relay = await wire(await freePort(), { host: '127.0.0.1', port });
});

afterAll(() => {
  relay.close();
  echo.close();
});

/** Sends a text and returns what comes back, with the milliseconds from the connection to the answer */
async function answered(text: string): Promise<{ back: string; milliseconds: number }> {
  const began = performance.now();
  const socket = connect(relay.port, '127.0.0.1');
  let back = '';
  socket.on('data', (data) => (back += data.toString()));
  socket.end(text);
  await once(socket, 'close');
  return { back, milliseconds: performance.now() - began };
}

test('what goes through comes out unchanged and in order, and is counted in both directions', async () => {
  relay.delay(0);
  relay.traffic();
  const text = Array.from({ length: 5000 }, (_, at) => `${at}\n`).join('');
  expect((await answered(text)).back).toBe(text);
  expect(relay.traffic()).toEqual({ logins: 1, bytes: 2 * text.length });
  expect(relay.traffic()).toEqual({ logins: 0, bytes: 0 });
});

test('a question on a new connection takes two round trips: one of the handshake, one of its own', async () => {
  relay.delay(100);
  const { back, milliseconds } = await answered('who?');
  expect(back).toBe('who?');
  expect(milliseconds).toBeGreaterThanOrEqual(195);
});
