import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkout } from '../../../src/paths.ts';
import { linter } from '../../../tools/lib/linters.ts';

/** A request to the driver: a call of an API, a policy to look at, or to forget everything */
type Request =
  | { service: string; operation: string; arguments: object; region: string }
  | { policy: string }
  | { empty: true };

type Answer = { result: unknown } | { error: string } | { lacking: true };

/** An account of AWS in memory */
export interface Account {
  /** Calls an operation; an argument that its model does not allow, and what moto refuses, is an error */
  call<Result>(service: string, operation: string, args?: object): Promise<Result>;
  /** Returns what a linter that knows the actions of every service says of a policy */
  lint(policy: string): Promise<readonly string[]>;
  /** Removes everything from the account */
  empty(): Promise<void>;
  /** Operations that moto does not have: their arguments were checked, and nothing else */
  lacking: Set<string>;
  close(): void;
}

/** The region of every test */
export const region = 'eu-west-3';

/** The newest image of Debian 13, and two others that nobody should start from */
const images = [
  { ami_id: 'ami-0d13000000000001', name: 'debian-13-amd64-20261101-2300', architecture: 'x86_64' },
  { ami_id: 'ami-0d13000000000002', name: 'debian-13-arm64-20261102-2300', architecture: 'arm64' },
  { ami_id: 'ami-0d12000000000003', name: 'debian-12-amd64-20261103-2300', architecture: 'x86_64' },
].map((image) => ({
  ...image,
  ...{ owner_id: '136693071363', description: image.name, image_location: `amazon/${image.name}`, public: true },
  ...{ virtualization_type: 'hvm', hypervisor: 'xen', image_type: 'machine', state: 'available', platform: null },
  ...{ root_device_name: '/dev/xvda', root_device_type: 'ebs', sriov: 'simple', creation_date: '2026-11-01T00:00:00Z' },
}));

/** Starts the driver. It is a child of this process that ends with its standard input */
export async function openAccount(): Promise<Account> {
  const packages = dirname(dirname(await linter('moto_server', () => undefined)));
  const folder = mkdtempSync(join(tmpdir(), 'berth-moto-'));
  writeFileSync(join(folder, 'images.json'), JSON.stringify(images));
  const child = spawn('python3', [join(checkout, 'test', 'cloud', 'aws', 'driver.py')], {
    env: {
      PATH: process.env.PATH,
      ...{ PYTHONPATH: packages, PYTHONPYCACHEPREFIX: join(packages, '.pycache') },
      ...{ MOTO_AMIS_PATH: join(folder, 'images.json'), HOME: folder },
      ...{ AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key', AWS_EC2_METADATA_DISABLED: 'true' },
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-4000);
  });
  const waiting: { done(answer: Answer): void; failed(error: Error): void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.done(JSON.parse(line) as Answer));
  let ended: Error | undefined;
  child.on('close', (code) => {
    ended = new Error(`the driver ended with ${code}:\n${said}`);
    for (const { failed } of waiting.splice(0)) failed(ended);
  });
  child.stdin.on('error', () => undefined);
  const ask = (request: Request): Promise<Answer> =>
    new Promise((done, failed) => {
      if (ended) return failed(ended);
      waiting.push({ done, failed });
      child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  const lacking = new Set<string>();
  return {
    lacking,
    async call<Result>(service: string, operation: string, args: object = {}): Promise<Result> {
      const answer = await ask({ service, operation, arguments: args, region });
      if ('error' in answer) throw new Error(answer.error);
      if ('lacking' in answer) lacking.add(`${service} ${operation}`);
      return ('lacking' in answer ? {} : answer.result) as Result;
    },
    lint: async (policy) => ((await ask({ policy })) as { result: string[] }).result,
    async empty() {
      await ask({ empty: true });
      lacking.clear();
    },
    close() {
      child.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
