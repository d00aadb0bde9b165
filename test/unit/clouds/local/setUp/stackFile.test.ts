import { chmodSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type StackFileRequest, writeStackFile } from '../../../../../src/clouds/local/setUp/stackFile.ts';
import { type Place, stackFile, stateFile } from '../../../../../src/pulumi/place.ts';

// Stands in for the engine: it writes what the engine writes, beside the Pulumi.yaml of its own folder.
const engine = `#!/bin/bash
set -euo pipefail
test -e Pulumi.yaml
echo "$*" >> "$CALLS"
case "$1" in
  stack) echo 'encryptionsalt: v1:salt' >> Pulumi.local.yaml ;;
  config) cat >> "$CALLS.input"
    printf 'config:\\n  berth:secrets:\\n    deployKey:\\n      secure: v1:sealed\\n' >> Pulumi.local.yaml ;;
esac
`;

const images = {
  machineImage: 'machine:1',
  receivers: { registry: 'registry:1', objectStore: 'store:1', logReceiver: 'logs:1', acme: 'acme:1' },
  registryData: '/registry',
  images: { 'example.org/app:1.0.0': 'registry/app@sha256:1' },
};

let place: Place;
let request: StackFileRequest;
let calls: string;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-stack-file-'));
  place = { stack: 'local', folder, project: folder };
  writeFileSync(join(folder, 'Pulumi.yaml'), 'name: shop\n');
  mkdirSync(join(folder, 'local'));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'pulumi'), engine);
  chmodSync(join(folder, 'bin', 'pulumi'), 0o755);
  calls = join(folder, 'calls');
  writeFileSync(calls, '');
  const committed = join(folder, 'Pulumi.local.yaml');
  writeFileSync(committed, '# kept by a person\nconfig:\n  berth:operators:\n    networks: [198.51.100.0/24]\n');
  const environment = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}`, CALLS: calls };
  request = { place, environment, committed, images, log: () => undefined };
});

const written = (): { config: Record<string, unknown>; encryptionsalt?: string } =>
  parse(readFileSync(stackFile(place), 'utf8'));

function makeStack(): void {
  mkdirSync(dirname(stateFile(place)), { recursive: true });
  writeFileSync(stateFile(place), '{}');
}

test('the stack file is the committed one, with what was made and prepared for this stack', async () => {
  await writeStackFile(request);
  expect(written()).toEqual({
    encryptionsalt: 'v1:salt',
    config: {
      'berth:operators': { networks: ['198.51.100.0/24'] },
      'berth:secrets': { deployKey: { secure: 'v1:sealed' } },
      'berth:local': images,
    },
  });
  expect(statSync(stackFile(place)).mode & 0o777).toBe(0o600);
});

test('the committed file stays as it is, and the deploy key goes to the engine by no argument', async () => {
  const before = readFileSync(request.committed, 'utf8');
  await writeStackFile(request);
  expect(readFileSync(request.committed, 'utf8')).toBe(before);
  expect(readFileSync(`${calls}.input`, 'utf8')).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
  expect(readFileSync(calls, 'utf8')).not.toContain('PRIVATE KEY');
  expect(readFileSync(calls, 'utf8')).toContain('config set --secret --path berth:secrets["deployKey"]');
});

test('a further run calls no engine, keeps the secrets and takes over what changed', async () => {
  await writeStackFile(request);
  makeStack();
  writeFileSync(calls, '');
  const { mtimeMs } = statSync(stackFile(place));
  await writeStackFile(request);
  expect(statSync(stackFile(place)).mtimeMs).toBe(mtimeMs);

  writeFileSync(request.committed, 'config:\n  berth:operators:\n    networks: [203.0.113.0/24]\n');
  await writeStackFile({ ...request, images: { ...images, machineImage: 'machine:2' } });
  expect(written().config).toMatchObject({
    'berth:operators': { networks: ['203.0.113.0/24'] },
    'berth:secrets': { deployKey: { secure: 'v1:sealed' } },
    'berth:local': { machineImage: 'machine:2' },
  });
  expect(readFileSync(calls, 'utf8')).toBe('');
});

test('a committed file that is no stack file is named', async () => {
  writeFileSync(request.committed, 'config: [1]');
  await expect(writeStackFile(request)).rejects.toThrow(`${request.committed} is not a stack file`);
});
