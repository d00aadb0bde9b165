import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type OnTerminal, onTerminal } from '../../../onTerminal.ts';
import { checkout, put, temporaryFolder } from '../berth.ts';

// `berth new` on a terminal of its own, as somebody has it who gives no flag

const localFile =
  'config:\n  berth:operators: { networks: [127.0.0.0/8], sshPublicKeys: [] }\n  berth:systems:\n    a:\n      cloud: local\n';

const [enter, down, space] = ['\r', '\x1b[B', ' '];

function asked(): { folder: string; at: OnTerminal } {
  const folder = temporaryFolder();
  put(folder, 'Pulumi.yaml', 'name: product\n');
  put(folder, 'Pulumi.local.yaml', localFile);
  const at = onTerminal([process.execPath, join(checkout, 'src/start/berth.js'), 'new', 'shop'], { cwd: folder });
  return { folder, at };
}

/** Answers questions in turn, each once it is asked */
async function answer(at: OnTerminal, questions: readonly (readonly [RegExp, string])[]): Promise<void> {
  for (const [question, keys] of questions) {
    await at.until(question);
    at.type(keys);
  }
}

test('an image, its port, database, cache and worker: what is answered is in the system, and the terminal is whole', async () => {
  const { folder, at } = asked();
  await answer(at, [
    [/What is shop made of\?/, `${down}${down}${enter}`],
    [/its name, with a version/, `ghcr.io/acme/shop:1.4.2${enter}`],
    [/the port on which it answers HTTP/, `3000${enter}`],
    [/a path that answers 2xx/, `/health${enter}`],
    [/Which database has it\?/, `${down}${enter}`],
    [/Does it need more\?/, `${space}${enter}`],
    [/the command of its worker/, `bin/worker${enter}`],
  ]);
  expect(await at.done, at.written()).toBe(0);
  const system = readFileSync(join(folder, 'systems/shop/system.ts'), 'utf8');
  for (const part of ['3000', '/health', 'postgres', 'bin/worker', 'redis']) expect(system).toContain(part);
  const { config } = parse(readFileSync(join(folder, 'Pulumi.local.yaml'), 'utf8'));
  expect(config['berth:systems'].shop).toMatchObject({ cloud: 'local', version: '1.4.2' });
  expect(at.terminal.cursorShown).toBe(true);
  expect(at.terminal.shown.join('\n')).toContain('$ npx berth local shop');
});

test('an answer that can’t be is asked again, and Ctrl-C writes nothing', async () => {
  const { folder, at } = asked();
  await answer(at, [
    [/What is shop made of\?/, `${down}${down}${enter}`],
    [/its name, with a version/, `ghcr.io/acme/shop:1.4.2${enter}`],
    [/the port on which it answers HTTP/, `70000${enter}`],
  ]);
  await at.until(/a port, such as 8000/);
  at.interrupt();
  expect(await at.done, at.written()).toBe(1);
  expect(at.terminal.cursorShown).toBe(true);
  expect(at.terminal.shown.at(-1)).toBe('stopped: nothing was written');
  expect(readdirSync(folder).sort()).toEqual(['Pulumi.local.yaml', 'Pulumi.yaml']);
});
