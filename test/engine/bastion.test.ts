import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runRemotely } from '../../src/cli/ssh/remoteScript.ts';
import { pinnedKeys, type Session, sshArguments } from '../../src/cli/ssh/session.ts';
import { adoptCommand, convergeCommand } from '../../src/hosts/commands.ts';
import { keyPair } from '../../src/keyPair.ts';
import { checkout } from '../../src/paths.ts';
import { messages, type Project, temporaryProject } from './engine.ts';
import { commandPlugin } from './plugins.ts';
import { type Sshd, sshdObstacle, startSshd } from './sshd.ts';

const obstacle = await sshdObstacle();
const run = promisify(execFile);
const deployKey = keyPair('deploy');
const other = keyPair('other');

// Two real SSH servers: the machine writes down what it is told and does nothing of it, the bastion only forwards
describe.skipIf(obstacle !== undefined)(`a machine behind a bastion${obstacle ? `, skipped: ${obstacle}` : ''}`, () => {
  let machine: Sshd;
  let bastion: Sshd;
  let project: Project;

  beforeAll(async () => {
    const authorized = [deployKey.public];
    [machine, bastion] = await Promise.all([
      startSshd({ authorized, forced: (folder) => `bash ${folder}/told.sh ${folder}` }),
      startSshd({ authorized, forced: () => '/bin/false' }),
    ]);
    await writeFile(join(machine.folder, 'told.sh'), told);
    project = await temporaryProject(commandPlugin);
  });

  afterAll(async () => {
    await project?.remove();
    await Promise.all([machine?.stop(), bastion?.stop()]);
  });

  const up = async (pins: { machine?: string; bastion?: string } = {}) => {
    const host = login(machine, pins.machine);
    await project.program(programFor({ ...host, proxy: login(bastion, pins.bastion) }));
    const made = await project.run('up');
    for (const line of deployKey.private.split('\n').filter((text) => text.length > 20 && !text.startsWith('-')))
      expect(made.output.includes(line), 'the deploy key is shown').toBe(false);
    return made;
  };
  const commands = () => readFile(join(machine.folder, 'commands'), 'utf8').catch(() => '');
  const error = (made: Awaited<ReturnType<typeof up>>, name: string) =>
    messages(made, name)
      .find(({ severity }) => severity === 'error')
      ?.message.trim();

  test('a bastion with another host key than the pinned one is refused by name, and nobody logs in', async () => {
    const made = await up({ bastion: other.public });
    expect(made.code).not.toBe(0);
    const { port, user } = bastion;
    expect(made.output).toContain(
      `web-0: waiting for ${user}@127.0.0.1:${machine.port} by way of the bastion ${user}@127.0.0.1:${port}. ` +
        '"proxy: after 5 failed attempts" is about the bastion 127.0.0.1: check that it runs',
    );
    expect(made.output).toContain('A "host key mismatch" means that another machine answers there');
    expect(error(made, 'web-0-ready')).toBe(
      'proxy: after 5 failed attempts: ssh: handshake failed: ssh: host key mismatch',
    );
    expect(messages(made, 'web-0-release')).toEqual([]);
    expect(await bastion.log()).not.toContain('Accepted');
  });

  test('a machine behind it with another host key is refused too, as the one behind it', async () => {
    const made = await up({ machine: other.public });
    expect(made.code).not.toBe(0);
    expect(made.output).toContain('"proxy: after 0 failed attempts" is about 127.0.0.1 behind it');
    expect(error(made, 'web-0-ready')).toBe(
      'proxy: after 0 failed attempts: ssh: handshake failed: ssh: host key mismatch',
    );
    expect(await machine.log()).not.toContain('Accepted');
    expect(await commands()).toBe('');
  });

  test('it is looked at and released by way of the bastion, each by a login of its own', async () => {
    const made = await up();
    expect(made.code, made.output).toBe(0);
    expect(await commands()).toBe(
      `${adoptCommand(machine.user)}\n<what looks at it>\n${convergeCommand}\n<what it shall have>\n`,
    );
    // One before, which the machine's other host key ended
    expect(await bastion.forwarded()).toHaveLength(3);
    expect(await project.stateText()).not.toContain('what it shall have');
    expect((await up()).output).not.toMatch(/created|updated/);
  });

  const session = (own: Partial<Session> = {}): Session => ({
    ...{ name: 'web-0', ...login(machine), proxy: login(bastion) },
    ...{ key: { text: '' }, command: ['uptime'], ...own },
  });
  const ssh = async (given: Session) => {
    const files = {
      knownHosts: join(project.folder, "ada's known hosts"),
      identity: join(project.folder, "ada's key"),
    };
    await writeFile(files.knownHosts, pinnedKeys(given));
    await writeFile(files.identity, deployKey.private, { mode: 0o600 });
    const running = run('ssh', [...sshArguments(given, { ...files, interactive: false })]);
    running.child.stdin?.end();
    return running;
  };

  test('OpenSSH takes the words of `berth ssh`', async () => {
    const { stdout } = await ssh(session());
    expect(stdout).toBe('uptime\n');
  });

  test('OpenSSH refuses a bastion with another host key, by its name', async () => {
    const refused = await ssh(session({ proxy: login(bastion, other.public) })).catch((error: Error) => error.message);
    expect(refused).toMatch(/bastion-of-web-0/);
    expect(refused).toContain('Host key verification failed');
  });

  test('so does the look at it, whose script goes through', async () => {
    const outputs = { role: 'web', publicAddress: '', privateAddress: '' };
    const to = { ...outputs, ssh: { ...login(machine), proxy: login(bastion) } };
    expect(await runRemotely(to, deployKey.private, 'the script', ['shop'])).toEqual({
      ...{ code: 0, stderr: '' },
      stdout: 'sudo -n timeout 120 bash -s -- shop\n',
    });
    const wrong = { ...to, ssh: { ...to.ssh, proxy: login(bastion, other.public) } };
    await expect(runRemotely(wrong, deployKey.private, '', [])).rejects.toThrow(
      `the bastion ${bastion.user}@127.0.0.1:${bastion.port}: its host key is not the pinned one`,
    );
  });
});

const login = ({ user, port, hostKeys }: Sshd, pinned?: string) => ({
  ...{ user, port, hostKey: pinned ?? hostKeys.ed25519 },
  address: '127.0.0.1',
});

/** Answers with the command, and keeps it and its input */
const told = `
printf '%s\\n' "$SSH_ORIGINAL_COMMAND"
{ printf '%s\\n' "$SSH_ORIGINAL_COMMAND"; cat; } >>"$1/commands"
`;

function programFor({ proxy, ...host }: ReturnType<typeof login> & { proxy: ReturnType<typeof login> }): string {
  return `
    import { load } from ${JSON.stringify(join(checkout, 'src/start/esbuild.js'))};
    import * as pulumi from '@pulumi/pulumi';
    const { announcement, releaseMachine } = await load('src/hosts/release.ts');
    const { address, hostKey, ...host } = ${JSON.stringify(host)};
    releaseMachine({
      host: {
        name: 'web-0', role: 'web', index: 0, ...host, address: pulumi.output(address), hostKey: pulumi.output(hostKey),
        proxy: ${JSON.stringify(proxy)},
      },
      deployKey: pulumi.secret(${JSON.stringify(deployKey.private)}),
      bundle: pulumi.output('<what it shall have>\\n'),
      adoption: pulumi.output('<what looks at it>\\n'),
      announcement: announcement('shop'),
      after: [],
      parent: new pulumi.ComponentResource('berth:index:System', 'system'),
    });
  `;
}
