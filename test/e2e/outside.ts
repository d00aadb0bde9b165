import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addressAt } from '../../src/model/address.ts';
import { checkout } from '../../src/paths.ts';
import { authorityOf, certificateOf } from '../certificate.ts';
import { type Network, nameBeside, startBeside } from './beside.ts';
import { eventually } from './client.ts';
import { inMachine, type Options, run, type TestStack } from './stack.ts';

/**
 * Servers outside of a stack's network, reachable only through a proxy that inspects TLS with certificates of its own
 * authority
 */
export interface Outside {
  /** `berth:proxy` with the proxy and its authority, or with the proxy alone */
  environment: Record<'known' | 'withoutAuthority', Options>;
  /** Log of the proxied requests: host and port, path, program */
  passed(): Promise<string>;
  /** Log of the requested connections: host and port */
  asked(): Promise<string>;
  start(stack: TestStack, network: Network, more: Started): Promise<void>;
  remove(): Promise<void>;
}

export interface Started {
  /** Folder that the outside servers serve */
  files?: string;
  /** Servers that answer for hosts, by host */
  elsewhere?: Readonly<Record<string, string>>;
}

const alias = 'proxy.berth.test';
/** Host names that only the proxy resolves */
const names = ['git.corp.test', 'packages.corp.test', 'registry.corp.test'];

export async function makeOutside(): Promise<Outside> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-outside-'));
  const authority = authorityOf('authority.corp.test');
  const withoutAuthority = { url: `http://${alias}:3128` };
  const notes = (file: string) => readFile(join(folder, file), 'utf8').catch(() => '');
  let container = '';
  return {
    environment: {
      known: { 'berth:proxy': { ...withoutAuthority, authority: authority.certificate } },
      withoutAuthority: { 'berth:proxy': withoutAuthority },
    },
    passed: () => notes('passed'),
    asked: () => notes('asked'),
    async start(stack, network, { files, elsewhere = {} }) {
      const acme = addressAt(network.subnet, 3);
      const { certificate, key } = certificateOf([...names, acme], 9, authority);
      const directory = `${acme}:14000`;
      const settings = {
        listen: '',
        files: '/files',
        elsewhere: { [directory]: `https://${directory}`, ...elsewhere },
      };
      const texts = { 'outside.json': JSON.stringify(settings), 'certificate.pem': certificate, 'key.pem': key };
      for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
      for (const name of ['outside.py', 'goods.py'])
        await copyFile(join(checkout, 'test/outside', name), join(folder, name));
      container = nameBeside(stack, 'proxy');
      await startBeside(container, network, { alias, last: 252 }, [
        ...['--volume', `${folder}:/outside`, '--workdir', '/outside', '--env', 'PYTHONDONTWRITEBYTECODE=1'],
        ...(files ? ['--volume', `${files}:/files:ro`] : []),
        ...['--entrypoint', 'python3', stack.images.machineImage, 'outside.py'],
      ]);
      await closeOtherWays(stack, network);
    },
    async remove() {
      if (container) await run('docker', ['rm', '--force', container], process.env);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Waits for the machine, then blocks its other connections: machine and containers reach only their own network,
 * without the certificate authority
 */
async function closeOtherWays(stack: TestStack, { subnet }: Network): Promise<void> {
  const rules = `oifname != "eth0" accept; ct state established,related accept; ip daddr ${addressAt(subnet, 3)} counter reject
    ip daddr ${subnet} accept; counter reject`;
  const table = ['output', 'forward'].map(
    (hook) => `chain ${hook} { type filter hook ${hook} priority -20; ${rules}; }`,
  );
  // What loads rules at the boot removes these: they are looked at until it is over
  const load = `/.cloud/nft list table inet beside >/dev/null 2>&1 || /.cloud/nft -f - <<'END'
table inet beside {\n${table.join('\n')}\n}
END
[[ $(systemctl is-system-running) =~ running|degraded ]]`;
  const closed = await eventually(
    120,
    () => inMachine(stack, load).then(() => true),
    (done) => done === true,
  );
  if (closed !== true) throw closed;
}
