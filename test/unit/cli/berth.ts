import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { type Captured, captured } from '../../../src/process/captured.ts';

export const checkout = fileURLToPath(new URL('../../..', import.meta.url));

export type Run = Captured;

/** What commands that only read say of the project's own files, which nobody has made ready yet: one line */
export const notReady = (stack: string) =>
  new RegExp(`^Pulumi\\.${stack}\\.yaml has \\d+ placeholders to replace before it is deployed \\(lines [\\d, ]+\\)\n`);

/** Runs the command as a user does: in a folder, with more variables, reading these lines */
export async function berth(
  args: readonly string[],
  folder = checkout,
  env: NodeJS.ProcessEnv = {},
  input = '',
): Promise<Run> {
  const program = join(checkout, 'src', 'start', 'berth.js');
  return captured(process.execPath, [program, ...args], { cwd: folder, env: { ...process.env, ...env }, input });
}

/**
 * The same in this process, twenty times as fast: for tests of what a command says, where another starts it for real.
 * What programs write that it hands its terminal to is not in what it gives. A process has one folder: of several that
 * are begun at once, each waits for the former.
 */
export function berthHere(...run: Parameters<typeof berth>): Promise<Run> {
  const next = last.then(() => runHere(...run));
  last = next.catch(() => undefined);
  // One that never ends fails its own test, and no other
  onTestFinished(() => {
    restore();
    last = Promise.resolve();
  });
  return next;
}

let last: Promise<unknown> = Promise.resolve();
/** Makes this process what it was before the last run */
let restore = (): void => undefined;

async function runHere(...[args, folder = checkout, env = {}, input = '']: Parameters<typeof berth>): Promise<Run> {
  const run: Run = { code: null, stdout: '', stderr: '' };
  const told = (stream: 'stdout' | 'stderr', end: '' | '\n') => (text: unknown) => {
    run[stream] += `${text}${end}`;
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(told('stdout', '')),
    vi.spyOn(process.stderr, 'write').mockImplementation(told('stderr', '')),
    vi.spyOn(console, 'log').mockImplementation(told('stdout', '\n')),
    vi.spyOn(console, 'error').mockImplementation(told('stderr', '\n')),
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([input]) as typeof process.stdin),
    // Its one listener would stay
    vi.spyOn(process.stdout, 'on').mockReturnThis(),
  ];
  const former = { folder: process.cwd(), env: set(env), listeners: signals.map((name) => process.listeners(name)) };
  let restored = false;
  const undo = () => {
    if (restored) return;
    restored = true;
    process.exitCode = undefined;
    process.chdir(former.folder);
    set(former.env);
    for (const [index, name] of signals.entries()) {
      const stays = former.listeners[index] ?? [];
      for (const one of process.listeners(name)) if (!stays.includes(one)) process.off(name, one);
    }
    for (const spy of spies) spy.mockRestore();
  };
  restore = undo;
  process.chdir(folder);
  try {
    await main([process.execPath, 'berth', ...args]);
    return { ...run, code: Number(process.exitCode ?? 0) };
  } finally {
    undo();
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Sets variables of this process, and gives what they were */
function set(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const former = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  return former;
}

/** A folder that is gone after the test */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'berth-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A file of a test's folder, with the folders above it */
export function put(folder: string, path: string, content: string, mode = 0o644): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), content);
  chmodSync(join(folder, path), mode);
}

export const environmentFile = (cloud: 'local' | 'openstack'): string => `config:
  berth:operators: { networks: [198.51.100.0/24, 192.0.2.0/25], sshPublicKeys: [] }
  berth:systems:
    basegun:
      cloud: ${cloud}
      version: 3.3.0
      domain: basegun.example.org
      tls: acme
      contact: ops@example.org
      web: { size: small, diskGb: 10 }
`;

/**
 * A project with a stack \`local\` that has been set up, and an engine that says what it is given to say.
 * @returns the project's folder and the variables to run berth in
 */
export function deployedProject(outputs: unknown, key = deployKey): { project: string; env: NodeJS.ProcessEnv } {
  const project = temporaryFolder();
  put(project, 'Pulumi.yaml', 'name: berth\n');
  put(project, 'Pulumi.local.yaml', environmentFile('local'));
  put(project, '.berth/local/Pulumi.local.yaml', environmentFile('local'));
  put(project, 'outputs.json', JSON.stringify(outputs));
  put(project, 'engine/pulumi', engine(project, key), 0o755);
  return { project, env: { PATH: [join(project, 'engine'), process.env.PATH].join(delimiter) } };
}

export const deployKey = '-----BEGIN OPENSSH PRIVATE KEY-----\nnot a key\n-----END OPENSSH PRIVATE KEY-----';

const engine = (project: string, key: string): string => `#!/bin/sh
case "$*" in
  'stack output --json --stack local'*) cat '${project}/outputs.json' ;;
  'config get --path berth:secrets["deployKey"] --config-file ${project}/.berth/local/Pulumi.local.yaml --stack local'*) echo '${key}' ;;
  *) echo "error: unexpected: $*" >&2; exit 1 ;;
esac
`;

/** Outputs as a deployment of one system leaves them */
export const outputsOf = (url: string, version = '3.3.0') => ({
  systems: {
    basegun: {
      cloud: 'local',
      version,
      url,
      probe: { path: '/api/version' },
      machines: { 'basegun-web-0': machine('web', '192.0.2.16'), 'basegun-api-0': machine('api', '192.0.2.32') },
      records: [{ name: 'basegun.localhost', type: 'A', value: '192.0.2.16' }],
      buckets: { uploads: { endpoint: 'http://192.0.2.4:7070', bucket: 'basegun-uploads' } },
      logs: { app: { host: '192.0.2.10', port: '9200' } },
    },
  },
});

const machine = (role: string, address: string) => ({
  role,
  publicAddress: address,
  privateAddress: address,
  ssh: { user: 'berth', address: '127.0.0.1', port: 9, hostKey: `ssh-ed25519 AAAA${role} pinned` },
});

/** A schedule whose machines are off at the moment, and will be for more than a day: it names a day that is not near */
export function offNow(): { days: readonly string[]; start: string; stop: string; zone: string } {
  const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
  const day = names[(new Date().getUTCDay() + 3) % 7] ?? 'mon';
  return { days: [day], start: '09:00', stop: '18:00', zone: 'Etc/UTC' };
}
