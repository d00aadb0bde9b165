import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { markedIn, withMarked } from '../../tools/lib/marked.ts';
import { machineImage, required } from './docker.ts';
import { type Answers, answersIn, askingScript, rulesTable, surprises } from './hardening/ask.ts';
import { networkRules, type Rule, sshRules } from './hardening/rules.ts';
import { type Machine, startMachine } from './machine.ts';
import { renderedMachines } from './rendered.ts';

// Debian's own sshd and kernel are asked what is in effect once a machine's files are in place

const baselines: Readonly<Record<string, readonly Rule[]>> = {
  'SSH: CIS Debian 5.1 and dev-sec': sshRules,
  'Network of the kernel: CIS Debian 3.3': networkRules,
};
const page = fileURLToPath(new URL('../../docs/hardening.md', import.meta.url));

let machine: Machine | undefined;
const answered = new Map<string, Answers>();

beforeAll(async () => {
  const rights = [
    '--cap-add',
    'SYS_ADMIN',
    '--security-opt',
    'apparmor=unconfined',
    '--security-opt',
    'seccomp=unconfined',
  ];
  machine = await startMachine('hardening', rights);
  const [rendered] = renderedMachines('prod', 'mad');
  const files = Object.entries(rendered?.bundle.entries ?? {}).filter(([path]) =>
    /^files\/etc\/(ssh\/sshd_config\.d|sysctl\.d)\//.test(path),
  );
  expect(files).toHaveLength(2);
  const script = `set -e
ip link add wire type veth peer name end
mount -o remount,bind,rw /proc/sys
for key in net.ipv4.conf.{all,default,wire}.{send_redirects,accept_redirects,secure_redirects,accept_source_route}; do sysctl -qw $key=1; done
sysctl -qw net.ipv4.ip_forward=1
cp -r files/etc/. /etc/; chmod 0600 /etc/ssh/sshd_config.d/01-berth.conf
ssh-keygen -A >/dev/null; install -d -m 0755 /run/sshd
/usr/lib/systemd/systemd-sysctl berth.conf`;
  const placed = await machine?.run(script, Object.fromEntries(files));
  expect(placed?.code ?? 0, placed?.output).toBe(0);
});
afterAll(() => machine?.remove());

test.for(Object.entries(baselines))(
  '%s: what fails is meant, and the page says why',
  async ([title, rules], context) => {
    required(await machineImage, context);
    const { output = '' } = (await machine?.run(askingScript(rules))) ?? {};
    const answers = answersIn(rules, output);
    answered.set(title, answers);
    expect(surprises(rules, answers)).toEqual([]);
  },
);

test('docs/hardening.md is what the machine answers', async (context) => {
  required(await machineImage, context);
  const tables = Object.entries(baselines).map(
    ([title, rules]) => `## ${title}\n\n${rulesTable(rules, answered.get(title) ?? {})}\n`,
  );
  const text = `${heading}\n${tables.join('\n')}\n${ofBench}`;
  const written = readFileSync(page, 'utf8');
  const whole = ['docker', 'lynis'].reduce((all, name) => withMarked(all, name, markedIn(written, name)), text);
  await expect(whole).toMatchFileSnapshot(page);
});

/** What a run of the bench has written */
const ofBench = `## Docker: CIS Docker 1.7

A machine that runs Basegun is asked by \`npm run bench -- hardening\`, which fails as this page's test does.

<!-- docker -->
<!-- /docker -->

## Lynis

The same machine is audited by Lynis, and each of its findings is meant, with the reason.

<!-- lynis -->
<!-- /lynis -->
`;

const heading = `# Hardening, measured

Debian 13's own SSH server and kernel are asked the rules of known baselines, with the files of a machine in place. This page is
written by that test (\`npx vitest run --project render hardening -u\`), which fails where a rule fails without a reason here, and where
one holds that has a reason not to. Numbers of rules differ between editions of the baselines.

Machines that berth adopts keep their owner's SSH server and kernel. What berth leaves as it is:

| what | because |
| --- | --- |
| the port of SSH is 22 | it is closed to all but operators, in the cloud's firewall and the host's; another number hides nothing from a scan |
| security upgrades are Debian's own (unattended-upgrades of the cloud's image) | the container engine alone is held, since its restart is felt: \`berth update\` upgrades it, a machine after the other |
| no auditd | logins with their keys and each use of sudo are in the journal, each release with its author in the machine's record |
| AppArmor as Debian and docker have it | berth turns no profile off; containers have docker's where the kernel has AppArmor |
| no user namespaces, no rootless docker | containers run as users that are not root, without capabilities; files of data and logs would belong to other numbers on each machine |
`;
