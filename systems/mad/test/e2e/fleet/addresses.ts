import { addressAt } from '../../../../../src/model/address.ts';
import { type Peer, peer } from '../../../../../test/e2e/bare/peer.ts';
import { networkOf } from '../../../../../test/e2e/reach.ts';
import type { TestStack } from '../../../../../test/e2e/stack.ts';

/** Of visitors: other addresses than those of machines, and so many that all of them lead to one machine once in 30,000 runs */
const offsets = Array.from({ length: 16 }, (_, index) => 201 + index);

/** Visitors without cookies, by their addresses */
export interface Visitors {
  peer: Peer;
  addresses: readonly string[];
  /** Returns which machine of the API answers each of a visitor's requests */
  machinesOf(address: string, requests: number): Promise<string[]>;
  /** Returns a visitor of each machine of the API, by who answers it */
  oneOfEach(): Promise<Map<string, string>>;
  /** Asks one after the other until `end`; version and status of each answer, line by line */
  load(from: string): Promise<string>;
  end(): Promise<void>;
}

/** Starts a peer with some addresses beside the machines' */
export async function manyVisitors(stack: TestStack, balancer: string): Promise<Visitors> {
  const network = await networkOf(stack);
  const [first = '', ...more] = offsets.map((offset) => addressAt(network.subnet, offset));
  const made = await peer(stack, 'visitors', first, network.name);
  for (const address of more) await made.run(`ip address add ${address}/32 dev eth0`);
  const addresses = [first, ...more];
  const asked = (from: string, path: string, ...words: string[]): string =>
    [
      ...['curl', '--silent', '--insecure', '--max-time', '20', '--interface', from, ...words],
      ...['--resolve', `api.mad.localhost:443:${balancer}`, `https://api.mad.localhost${path}`],
    ].join(' ');
  const machinesOf = async (address: string, requests: number): Promise<string[]> => {
    const answers = await made.run(`for n in $(seq ${requests}); do ${asked(address, '/whoami')}; echo; done`);
    return answers.split('\n').map((line) => JSON.parse(line).instance);
  };
  const once = (from: string) => asked(from, '/version', '--write-out', '" %{http_code}\\n"');
  return {
    ...{ peer: made, addresses, machinesOf },
    async oneOfEach() {
      const found = new Map<string, string>();
      for (const address of addresses) for (const machine of await machinesOf(address, 1)) found.set(machine, address);
      return found;
    },
    load: (from) =>
      made.run(`rm -f /tmp/stop; until [ -e /tmp/stop ]; do ${once(from)} || echo "failed $?"; sleep 0.1; done`),
    async end() {
      await made.run('touch /tmp/stop');
    },
  };
}
