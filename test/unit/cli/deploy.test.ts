import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { berth, berthHere, offNow, put, temporaryFolder } from './berth.ts';

const file = (version: string): string => `config:
  berth:operators:
    networks: [100.64.1.0/24]
    sshPublicKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/ ada"]
  berth:clouds: { openstack: { project: 6e1f2a3b4c5d6e7f8091a2b3c4d5e6f7, network: public, logsService: ldp-gr-10001 } }
  berth:systems:
    basegun:
      cloud: openstack
      region: GRA7
      version: ${version} # the release
      domain: basegun.berth.test
      tls: acme
      contact: ops@berth.test
      web: { size: s1-2 }
`;

/** What a program asks that the engine runs */
const gate = `import { request } from 'node:http';
request({ socketPath: process.env.BERTH_GATE }, ({ statusCode }) => process.exit(statusCode === 204 ? 0 : 1)).end();`;

/**
 * An engine that only says what it does: `up` makes the version of its file the one of the outputs. It keeps a history,
 * as the real one does, of each run that it begins, with the commit, the latest first
 */
const engine = (project: string): string => `#!/bin/sh
cd '${project}'
echo "$*" >> calls
file=Pulumi.preprod.yaml; message=
for word; do
  case "$last" in --config-file) file=$word ;; --message) message=$word ;; esac
  last=$word
done
case "$*" in
  'stack output'*) if [ -f version ]; then sed "s/VERSION/$(cat version)/g" outputs.json; else echo '{}'; fi ;;
  'stack export'*) cat state.json 2>/dev/null || echo '{"deployment":{}}' ;;
  'refresh '*) rm state.json ;;
  'stack history'*) echo "[$(paste -sd, updates 2>/dev/null)]" ;;
  'up '*)
    if [ -f locked ]; then echo 'error: the stack is currently locked' >&2; exit 1; fi
    # Somebody else was quicker
    next=$(sed -n 's/^ *version: *\\([^ ]*\\).*/\\1/p' "$file")
    if [ -f "overtaking-$next" ]; then mv "overtaking-$next" updates; fi
    node gate.mjs || exit 1
    if [ -f "left-$next" ]; then mv "left-$next" state.json; fi
    commit=$(git rev-parse HEAD 2>/dev/null)
    echo "{\\"kind\\":\\"update\\",\\"result\\":\\"succeeded\\",\\"message\\":\\"$message\\",\\"environment\\":{\\"git.head\\":\\"$commit\\"}}" > update
    cat updates >> update 2>/dev/null; mv update updates
    printf '%s' "\${SSH_AUTH_SOCK-unset}" > agent
    echo "$next" > version
    cp "$file" "deployed-$(cat version).yaml"
    ! grep -q "$(cat version)" broken 2>/dev/null ;;
  *) echo "error: unexpected: $*" >&2; exit 1 ;;
esac
`;

/** A stack of one system that answers with what is deployed, but for versions that never come to serve */
interface Given {
  former?: string;
  sick?: string[];
  broken?: string[];
  machines?: object;
}

async function stack({ former, sick = [], broken = [], machines = {} }: Given) {
  const project = temporaryFolder();
  let serving = former ?? '';
  const server = createServer((_, response) => {
    const deployed = readFileSync(join(project, 'version'), 'utf8').trim();
    if (!sick.includes(deployed)) serving = deployed;
    response.end(JSON.stringify(serving));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const basegun = {
    ...{ cloud: 'openstack', version: 'VERSION', pins: { version: 'VERSION' }, url, probe: { path: '/api/version' } },
    ...{ machines, records: [], buckets: {}, logs: {} },
  };
  put(project, 'Pulumi.yaml', 'name: berth\n');
  put(project, 'Pulumi.preprod.yaml', file('3.3.1'));
  put(project, 'outputs.json', JSON.stringify({ systems: { basegun } }));
  put(project, 'engine/pulumi', engine(project), 0o755);
  put(project, 'gate.mjs', gate);
  if (former) put(project, 'version', former);
  if (broken.length > 0) put(project, 'broken', broken.join('\n'));
  const PATH = [join(project, 'engine'), process.env.PATH].join(delimiter);
  const summary = join(project, 'summary.md');
  return {
    project,
    remove: (name: string) => rmSync(join(project, name)),
    read: (name: string) => readFileSync(join(project, name), 'utf8'),
    put: (name: string, text: string) => put(project, name, text),
    deploy: (args: readonly string[] = [], run = berthHere) =>
      run(['deploy', 'preprod', '--wait', '0', ...args], project, {
        ...{ PATH, SSH_AUTH_SOCK: '/nowhere/agent', GITHUB_STEP_SUMMARY: summary },
      }),
  };
}

test('a stack is brought to its file, and nothing of an agent reaches the engine', async () => {
  const { deploy, read } = await stack({ former: '3.3.0' });
  const { code, stdout, stderr } = await deploy();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/3\.3\.1 on openstack +answers\n/);
  expect(stdout).toMatch(
    /\npreprod is deployed and healthy\n\nlive {4}basegun 3\.3\.1 at http:\S+\ntook {4}[\d.]+ s\nnext {4}npx berth status preprod\n$/,
  );
  expect(read('agent')).toBe('unset');
  expect(read('calls')).toMatch(/^up --yes --stack preprod --message berth deploy, /m);
});

test('a release that does not come to serve is put back, with the rest of the file as it is', async () => {
  const { deploy, read } = await stack({ former: '3.3.0', sick: ['3.3.1'] });
  const { code, stdout, stderr } = await deploy(['--report', 'github']);
  expect(code).toBe(1);
  expect(stdout).toContain('WRONG: 3.3.0 answers');
  expect(stderr).toContain('rolled back to the former versions, which are healthy (basegun 3.3.0)');
  expect(read('version').trim()).toBe('3.3.0');
  expect(read('deployed-3.3.0.yaml')).toContain('version: 3.3.0 # the release');
  expect(read('Pulumi.preprod.yaml')).toBe(file('3.3.1'));
  const summary = read('summary.md');
  expect(summary).toMatch(/^### ❌ the deployment of stack preprod failed: /);
  expect(summary).toMatch(/basegun 3\.3\.0.*healthy: 200/s);
});

const failedChange = JSON.stringify({
  deployment: {
    resources: [
      { urn: 'urn:pulumi:preprod::berth::a:b:C::basegun-web-0', custom: true, initErrors: ['no room for this size'] },
      { urn: 'urn:pulumi:preprod::berth::a:b:C::basegun-web-0-ready', custom: true },
    ],
  },
});

test('what failed changes have left is read from the cloud first, so that the deployment makes them again', async () => {
  const { deploy, read, put } = await stack({ former: '3.3.0' });
  put('state.json', failedChange);
  const { code, stderr } = await deploy();
  const told = 'the last change of basegun-web-0 failed: reading what the cloud has\n';
  expect({ code, stderr }).toEqual({ code: 0, stderr: told });
  expect(read('calls')).toMatch(/^refresh .* --target urn:pulumi:preprod::berth::a:b:C::basegun-web-0 .*\n(.*\n)*up /m);
});

test('what the failed deployment has left is read before it is put back', async () => {
  const { deploy, read, put } = await stack({ former: '3.3.0', broken: ['3.3.1'] });
  put('left-3.3.1', failedChange);
  const { code, stderr } = await deploy();
  expect(code).toBe(1);
  expect(stderr).toContain('the last change of basegun-web-0 failed: reading what the cloud has');
  expect(read('version').trim()).toBe('3.3.0');
  const changing = read('calls').match(/^(up|refresh) /gm);
  expect(changing).toEqual(['up ', 'refresh ', 'up ']);
});

test('a release that the engine cannot finish is put back too', async () => {
  const { deploy, read } = await stack({ former: '3.3.0', broken: ['3.3.1'] });
  const { code, stderr } = await deploy(['--system', 'basegun']);
  expect(code).toBe(1);
  expect(stderr).toContain('the engine did not finish it');
  expect(read('version').trim()).toBe('3.3.0');
  const targets = read('calls').match(/^up .* --target \*\*::basegun --target \*\*::basegun-\* .*$/gm);
  expect(targets).toHaveLength(2);
});

test('a first deployment that fails says that there is nothing to put back', async () => {
  const { deploy, read } = await stack({ sick: ['3.3.1'] });
  const { code, stderr } = await deploy();
  expect(code).toBe(1);
  expect(stderr).toContain('no rollback, because nothing was deployed before');
  expect(read('version').trim()).toBe('3.3.1');
});

test('where somebody else deploys for too long nothing is changed, nor put back', async () => {
  const { deploy, read, put } = await stack({ former: '3.3.0' });
  put('locked', '');
  put('updates', JSON.stringify({ kind: 'update', message: "somebody else's" }));
  const { code, stderr } = await deploy(['--turn', '0']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^stack preprod is still locked by an unknown .* pulumi cancel preprod removes the lock\n/);
  expect(stderr).toContain('the deployment was refused before it started, see above: nothing was changed');
  expect(read('calls').match(/^up /gm)).toHaveLength(1);
});

test('a deployment that somebody else holds up is carried out after it', async () => {
  const { deploy, read, put, remove } = await stack({ former: '3.3.0' });
  put('calls', '');
  put('locked', '');
  const running = deploy([], berth);
  await vi.waitUntil(() => read('calls').includes('\nup '), 50_000);
  remove('locked');
  const { code, stdout, stderr } = await running;
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringMatching(/^stack preprod is locked by .*: waiting for it to end, 0 of 30 min\n$/),
  });
  expect(stdout).toContain('preprod is deployed and healthy');
  expect(read('calls').match(/^up /gm)).toHaveLength(2);
});

test('what somebody else deployed between the look and the lock is not gone over unseen: it is looked at anew', async () => {
  const { deploy, read, put } = await stack({ former: '3.3.0' });
  put('overtaking-3.3.1', `${JSON.stringify({ kind: 'update', result: 'succeeded', message: "somebody else's" })}\n`);
  const { code, stderr } = await deploy();
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'stack preprod was deployed by somebody else in the meantime: reading it again\n',
  });
  expect(read('calls').match(/^stack output/gm)).toHaveLength(3);
  expect(read('calls').match(/^up /gm)).toHaveLength(2);
});

test('what fails is not put back over what somebody else deployed since', async () => {
  const { deploy, read, put } = await stack({ former: '3.3.0', broken: ['3.3.1'] });
  put('overtaking-3.3.0', `${JSON.stringify({ kind: 'update', result: 'succeeded', message: "somebody else's" })}\n`);
  const { code, stderr } = await deploy();
  expect(code).toBe(1);
  expect(stderr).toContain('no rollback, because somebody else has deployed the stack since');
  expect(read('version').trim()).toBe('3.3.1');
});

describe('a commit that is older than the deployed one', () => {
  /** A stack that is deployed from the commit of tag v2, and a checkout at v1 */
  async function older() {
    const made = await stack({ former: '3.3.1' });
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
    const git = (...args: string[]) =>
      execFileSync('git', [...identity, ...args], { cwd: made.project })
        .toString()
        .trim();
    git('init', '--quiet');
    for (const tag of ['v1', 'v2']) {
      git('commit', '--quiet', '--allow-empty', '--message', tag);
      git('tag', tag);
    }
    expect(await made.deploy()).toMatchObject({ code: 0 });
    git('checkout', '--quiet', 'v1');
    const name = (tag: string) => `${tag} (${git('rev-parse', tag).slice(0, 12)})`;
    return { ...made, git, v1: name('v1'), v2: name('v2'), ups: () => made.read('calls').match(/^up /gm)?.length };
  }

  test('is refused, with both by their tags, and nothing is changed', async () => {
    const { deploy, ups, v1, v2 } = await older();
    const { code, stderr } = await deploy();
    expect(code).toBe(1);
    expect(stderr).toMatch('nothing was changed: stack preprod was deployed from ');
    expect(stderr).toContain(
      `${v2}, which is newer than ${v1} and contains it\nto deploy it nevertheless, add --older`,
    );
    expect(ups()).toBe(1);
  });

  test('is superseded where nobody asked for it by hand, which is no failure and is said in the summary', async () => {
    const { deploy, ups, read, v1, v2 } = await older();
    const { code, stdout } = await deploy(['--older', 'skip', '--report', 'github']);
    const said = `superseded: stack preprod is deployed from ${v2}, which contains ${v1}: nothing was changed`;
    expect({ code, stdout }).toEqual({ code: 0, stdout: `\n${said}\n` });
    expect(read('summary.md')).toBe(`### ⏭️ ${said}\n`);
    expect(ups()).toBe(1);
  });

  test('is deployed where that is asked for, and is then what others are compared with', async () => {
    const { deploy, ups, git } = await older();
    expect(await deploy(['--older', 'deploy'])).toMatchObject({ code: 0 });
    git('checkout', '--quiet', 'v2');
    expect(await deploy()).toMatchObject({ code: 0, stderr: '' });
    expect(ups()).toBe(3);
  });

  test('of which nothing can be told is refused with the reason', async () => {
    const { deploy, ups, put } = await older();
    put(
      'updates',
      JSON.stringify({ kind: 'update', result: 'succeeded', environment: { 'git.head': '1'.repeat(40) } }),
    );
    const { code, stderr } = await deploy(['--older', 'skip']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/is older is unknown: this clone lacks that commit, and origin does not provide it \(/);
    expect(ups()).toBe(1);
  });
});

test('a system that the stack does not have is named, with those that it has', async () => {
  const { deploy } = await stack({ former: '3.3.0' });
  const { code, stderr } = await deploy(['--system', 'mad']);
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'stack preprod has no system "mad": it has basegun\n' });
});

/** A machine that nobody answers for */
const machine = {
  ...{ role: 'web', publicAddress: '192.0.2.16', privateAddress: '192.0.2.16' },
  ssh: { user: 'berth', address: '127.0.0.1', port: 9, hostKey: 'ssh-ed25519 AAAA pinned' },
};

test('a new version for a machine that is off by its schedule is refused before anything, with its hours', async () => {
  const machines = { 'basegun-web-0': { ...machine, schedule: offNow() } };
  const { deploy, read } = await stack({ former: '3.3.0', machines });
  const { code, stderr } = await deploy();
  expect(code).toBe(1);
  expect(stderr).toMatch(/^nothing was changed: .*\n {2}basegun-web-0 is off until \w{3} [\d-]+ 09:00 \(Etc\/UTC\)\n/);
  expect(stderr).toContain('deploy during their hours');
  expect(read('calls')).not.toMatch(/^up /m);
});

test('a deployment that brings that machine no new version is carried out, and not judged by it', async () => {
  const machines = { 'basegun-web-0': { ...machine, schedule: offNow() } };
  const { deploy } = await stack({ former: '3.3.1', sick: ['3.3.1'], machines });
  const { code, stdout } = await deploy();
  expect(code).toBe(0);
  expect(stdout).toContain('not checked: a machine is off by its schedule');
});
