import { connect, createServer, type Socket } from 'node:net';

/** What went over a wire since it was last asked */
export interface Traffic {
  /** TCP connections */
  logins: number;
  /** In both directions */
  bytes: number;
}

/** Relay to a machine's SSH port, through which every tool reaches it: it adds a round trip and counts */
export interface Wire {
  /** Of 127.0.0.1 */
  port: number;
  /** Sets the round trip of every connection from now on */
  delay(roundTripMilliseconds: number): void;
  /** Returns the traffic since the last call */
  traffic(): Traffic;
  close(): void;
}

/**
 * Opens a relay. It delays each direction by half a round trip and, as a TCP handshake does, the first bytes by a whole one
 * more; kernels without `netem` need nothing else.
 */
export async function wire(port: number, to: { host: string; port: number }): Promise<Wire> {
  let [roundTrip, seen] = [0, { logins: 0, bytes: 0 }];
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) => {
    const half = roundTrip / 2;
    seen.logins++;
    const count = (bytes: number) => {
      seen.bytes += bytes;
    };
    const far = connect({ ...to, allowHalfOpen: true, noDelay: true });
    near.setNoDelay(true);
    far.pause();
    // A client sends after one round trip, and a server accepts half a one later
    for (const [from, target, after] of [
      [near, far, 2 * half],
      [far, near, 3 * half],
    ] as const) {
      open.add(from);
      pass(from, target, half, count);
      from.on('close', () => open.delete(from));
      setTimeout(() => from.resume(), after);
    }
  });
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    port,
    delay: (milliseconds) => {
      roundTrip = milliseconds;
    },
    traffic() {
      const told = seen;
      seen = { logins: 0, bytes: 0 };
      return told;
    },
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

function pass(from: Socket, to: Socket, milliseconds: number, count: (bytes: number) => void): void {
  const later = (action: () => void) => (milliseconds === 0 ? action() : setTimeout(action, milliseconds));
  from.on('data', (data: Buffer) => {
    count(data.length);
    later(() => to.writable && to.write(data));
  });
  from.on('end', () => later(() => to.end()));
  from.on('error', () => to.destroy());
}
