import { readFile } from 'node:fs/promises';
import { run, type TestStack } from '../stack.ts';

/** A container that connects to the stack's machine */
export interface Peer {
  /** Runs a script as root and returns its output. @throws when it fails */
  run(script: string): Promise<string>;
  /** Returns how each answering port up to the last one answers */
  scan(address: string, last: number): Promise<Record<string, string>>;
  /** Scans several addresses at once, within ranges of ports such as `1-1000,3306-3306` */
  scanAll(addresses: readonly string[], spans: string): Promise<Record<string, Record<string, string>>>;
  remove(): Promise<void>;
}

/**
 * Starts a peer
 * @param place `this computer`, or an address on the stack's network
 */
export async function peer(stack: TestStack, name: string, place: string, network: string): Promise<Peer> {
  const container = `berth-${stack.place.stack}-peer-${name}`;
  // Rights to change its addresses, and to enable IPv6, which docker's network lacks
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
