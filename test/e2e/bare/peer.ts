import { readFile } from 'node:fs/promises';
import { run, type TestStack } from '../stack.ts';

/** A container beside the stack's machine: somebody who connects to it */
export interface Peer {
  /** Runs a script as root; gives what it printed. @throws when it fails */
  run(script: string): Promise<string>;
  /** Every port up to the last one that answers at all, with how */
  scan(address: string, last: number): Promise<Record<string, string>>;
  /** The same of several addresses at once, for spans of ports such as `1-1000,3306-3306` */
  scanAll(addresses: readonly string[], spans: string): Promise<Record<string, Record<string, string>>>;
  remove(): Promise<void>;
}

/**
 * Starts a peer.
 * @param place `this computer`, or an address on the stack's own network
 */
export async function peer(stack: TestStack, name: string, place: string, network: string): Promise<Peer> {
  const container = `berth-${stack.place.stack}-peer-${name}`;
  // On the network: to change its own addresses, and to have IPv6 where docker has none
  const rights = ['--cap-add', 'NET_ADMIN', '--cap-add', 'SYS_ADMIN', '--security-opt', 'apparmor=unconfined'];
  const where = place === 'this computer' ? ['--network', 'host'] : ['--network', network, '--ip', place, ...rights];
  const program = ['--entrypoint', 'sleep', stack.images.machineImage, 'infinity'];
  await docker('run', '--detach', '--init', '--name', container, ...where, ...program);
  const scanner = await readFile(new URL('scan.py', import.meta.url), 'utf8');
  const scanAll: Peer['scanAll'] = async (addresses, spans) => {
    const words = ['exec', '--interactive', container, 'python3', '-', spans, ...addresses];
    const { code, output } = await run('docker', words, process.env, scanner);
    if (code !== 0) throw new Error(`the scan from ${name} failed:\n${output}`);
    return JSON.parse(output);
  };
  return {
    scanAll,
    run: (script) => docker('exec', container, 'bash', '-euc', script),
    scan: async (address, last) => (await scanAll([address], `1-${last}`))[address] ?? {},
    async remove() {
      await docker('rm', '--force', container);
    },
  };
}

async function docker(...words: string[]): Promise<string> {
  const { code, output } = await run('docker', words, process.env);
  if (code !== 0) throw new Error(`docker ${words.join(' ')}\n${output}`);
  return output.trim();
}
