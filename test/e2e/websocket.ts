import { randomBytes } from 'node:crypto';
import { request } from 'node:https';
import type { Duplex } from 'node:stream';

/** A websocket that only receives messages */
export interface Listener {
  /** Returns the first matching message, received before or later. @throws if none arrives within the seconds */
  message(seconds: number, good: (message: Message) => boolean): Promise<Message>;
  close(): void;
}

export type Message = { event: string; data: unknown; instance: string };

/**
 * Opens a websocket
 * @param url `wss` URL with the public name
 * @param address of the machine, whose certificate must be signed by `authority`
 */
export function listen({
  url,
  address,
  authority,
}: {
  url: URL;
  address: string;
  authority: string;
}): Promise<Listener> {
  const headers = {
    ...{ host: url.hostname, connection: 'Upgrade', upgrade: 'websocket' },
    ...{ 'sec-websocket-version': '13', 'sec-websocket-key': randomBytes(16).toString('base64') },
  };
  const place = { host: address, port: 443, servername: url.hostname, ca: authority, agent: false };
  return new Promise((resolve, reject) => {
    const sent = request({ ...place, path: `${url.pathname}${url.search}`, headers, timeout: 10_000 }, (answer) => {
      answer.resume();
      reject(new Error(`${url} is no websocket: it answers ${answer.statusCode}`));
    });
    sent.on('upgrade', (_, socket, head) => resolve(listener(socket, head)));
    sent.on('timeout', () => sent.destroy(new Error('no answer within 10 s'))).on('error', reject);
    sent.end();
  });
}

function listener(socket: Duplex, head: Buffer): Listener {
  const messages: Message[] = [];
  let unread = head;
  const read = (data: Buffer): void => {
    unread = Buffer.concat([unread, data]);
    for (let frame = frameOf(unread); frame; frame = frameOf(unread)) {
      if (frame.text !== undefined) messages.push(JSON.parse(frame.text));
      unread = unread.subarray(frame.end);
    }
  };
  socket.on('error', () => undefined).on('data', read);
  read(Buffer.alloc(0));
  return {
    async message(seconds, good) {
      const end = Date.now() + seconds * 1000;
      for (;;) {
        const found = messages.find(good);
        if (found) return found;
        if (Date.now() > end) throw new Error(`no such message within ${seconds} s, only ${JSON.stringify(messages)}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    close: () => socket.destroy(),
  };
}

/** Returns the first complete frame of a server's unmasked data; `text` only for text frames */
function frameOf(data: Buffer): { text?: string; end: number } | undefined {
  if (data.length < 4) return undefined;
  const short = data.readUInt8(1);
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (data.length < start) return undefined;
  const length = short < 126 ? short : short === 126 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
  if (data.length < start + length) return undefined;
  const isText = (data.readUInt8(0) & 0x0f) === 1;
  return { ...(isText && { text: data.toString('utf8', start, start + length) }), end: start + length };
}
