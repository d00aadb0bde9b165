import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { convergeCommand, readyCommand } from '../../src/hosts/commands.ts';
import { checkout } from '../../src/paths.ts';
import { archive } from '../../src/render/archive.ts';
import { connectionTo, declare } from './commands.ts';
import { type EngineRun, messages, type Project, temporaryProject } from './engine.ts';
import { commandPlugin } from './plugins.ts';
import { type Sshd, sshdObstacle, startSshd } from './sshd.ts';

const obstacle = await sshdObstacle();
const title = 'a connection that is cut where nothing is said for 28 s';

/** Longer than such a connection lives, and than two signs of life */
const longSeconds = 35;

describe.skipIf(obstacle !== undefined)(obstacle === undefined ? title : `${title}, skipped: ${obstacle}`, () => {
  let sshd: Sshd;
  let project: Project;
  let proxy: net.Server;
  let run: EngineRun;

  beforeAll(async () => {
    sshd = await startSshd();
    project = await temporaryProject(commandPlugin);
    proxy = cutting(sshd.port, 28).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const connection = connectionTo(sshd, { port: (proxy.address() as net.AddressInfo).port });
    // A machine whose root is whoever runs this test, and whose folders are the test's
    const programs = join(sshd.folder, 'programs');
    await mkdir(programs);
    for (const [name, script] of Object.entries({
      sudo: 'shift; exec "$@"',
      'cloud-init': `sleep ${longSeconds}`,
    })) {
      await writeFile(join(programs, name), `#!/bin/sh\n${script}\n`);
      await chmod(join(programs, name), 0o755);
    }
    const here = (command: string, folder: string): string =>
      `export PATH=${programs}:$PATH\n${inFolder(command, folder)}`;
    const teller = await readFile(join(checkout, 'src/hosts/host/tell.py'), 'utf8');
    const start = `
import time
from tell import Teller
tell = Teller([])
tell.begin("images")
time.sleep(${longSeconds})
tell.ended()
tell.report("release one is live")
`;
    const entries = {
      'start.sh': 'exec python3 -IB "$1/engine"',
      'engine/__main__.py': start,
      'engine/tell.py': inFolder(teller, sshd.folder),
    };
    await declare(project, {
      silent: { create: `sleep ${longSeconds}`, connection },
      ready: { create: here(readyCommand('ops'), join(sshd.folder, 'booting')), connection },
      release: {
        create: here(convergeCommand, sshd.folder),
        stdin: archive({ system: 'shop', hash: '', entries }),
        connection,
      },
    });
    run = await project.run('up', { args: ['--continue-on-error'] });
  });

  afterAll(async () => {
    proxy?.close();
    await project?.remove();
    await sshd?.stop();
  });

  const said = (name: string): string[] => messages(run, name).map(({ message }) => message.trim());

  test('a command that says nothing is lost on it', () => {
    expect(said('silent').join('\n')).toContain('remote command exited without exit status or exit signal');
  });

  test('a machine that boots for long says so, and is ready', () => {
    expect(said('ready')).toEqual(expect.arrayContaining(['still at work after 15 s', 'still at work after 30 s']));
    expect(said('ready').join('\n')).toMatch(/\d+ cpus, \d+ MB/);
  });

  test('a release says at what it works for long, and ends with its last step', () => {
    expect(said('release')).toEqual(
      expect.arrayContaining(['still at work after 15 s: images', 'still at work after 30 s: images']),
    );
    expect(said('release').join('\n')).toContain('release one is live');
    expect(said('release').join('\n')).not.toContain('error');
  });
});

const inFolder = (text: string, folder: string): string =>
  text.replaceAll('/var/lib', folder).replaceAll('/run/berth', `${folder}/berth`);

/** Hands connections on to a port, and ends those on which neither end has said anything for so long */
function cutting(port: number, idleSeconds: number): net.Server {
  return net.createServer((near) => {
    const far = net.connect(port, '127.0.0.1');
    const both = [near, far] as const;
    const end = (): void => {
      for (const socket of both) socket.destroy();
    };
    let idle = setTimeout(end, idleSeconds * 1000);
    for (const [from, to] of [both, [far, near] as const]) {
      from.on('error', end).on('close', () => {
        clearTimeout(idle);
        end();
      });
      from.on('data', () => {
        clearTimeout(idle);
        idle = setTimeout(end, idleSeconds * 1000);
      });
      from.pipe(to);
    }
  });
}
