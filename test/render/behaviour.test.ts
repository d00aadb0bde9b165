import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { secret } from '../../src/model/value.ts';
import { bundle } from '../../src/render/bundle.ts';
import { baseFile } from '../../src/render/compose.ts';
import { firewall } from '../../src/render/firewall.ts';
import { buildName } from '../../src/render/process.ts';
import { anyText } from '../anyText.ts';
import { container, definitionOf, machineInput, supervised } from '../unit/render/fixtures.ts';
import { machineImage, required } from './docker.ts';
import { type Machine, startMachine } from './machine.ts';
import { renderedMachines, stacks } from './rendered.ts';

// What the programs make of the rendered files, not only that they accept them.

let machine: Machine | undefined;
beforeAll(async () => {
  machine = await startMachine('behaviour');
});
afterAll(() => machine?.remove());

async function run(script: string, files: Record<string, string>): Promise<string> {
  const answer = await machine?.run(`set -euo pipefail\n${script}`, files);
  expect(answer?.code, answer?.output).toBe(0);
  return answer?.output ?? '';
}

const fileOf = (stack: (typeof stacks)[number], path: string): string =>
  renderedMachines(stack)[0]?.bundle.entries[`files${path}`] ?? '';

test('sshd takes our settings, whatever the files of Debian and cloud-init after them say', async (context) => {
  required(await machineImage, context);
  const script = `
    ssh-keygen -A >/dev/null; install -d -m 0755 /run/sshd
    cp 01-berth.conf 50-cloud-init.conf /etc/ssh/sshd_config.d/
    printf 'PermitRootLogin yes\\nPasswordAuthentication yes\\nX11Forwarding yes\\n' >>/etc/ssh/sshd_config
    /usr/sbin/sshd -T`;
  const settings = await run(script, {
    '01-berth.conf': fileOf('preprod', '/etc/ssh/sshd_config.d/01-berth.conf'),
    '50-cloud-init.conf': 'PasswordAuthentication yes\n',
  });
  const expected = [
    'permitrootlogin no',
    'passwordauthentication no',
    'kbdinteractiveauthentication no',
    'authenticationmethods publickey',
    'authorizedkeysfile /etc/berth/ssh/authorized_keys',
    'allowusers berth',
    'allowtcpforwarding no',
    'allowagentforwarding no',
    'x11forwarding no',
  ];
  expect(settings.split('\n')).toEqual(expect.arrayContaining(expected));
});

test.for(stacks)('the firewall of %s replaces itself alone: rules in other tables stay', async (stack, context) => {
  required(await machineImage, context);
  const listed = await run(
    `nft add table inet other; nft add chain inet other kept
    nft --file firewall.nft.conf; nft --file firewall.nft.conf
    nft list ruleset; nft delete table inet berth; nft delete table inet other`,
    { 'firewall.nft.conf': fileOf(stack, '/etc/berth/firewall.nft.conf') },
  );
  expect(listed).toContain('chain kept');
  expect(listed.match(/dport 22 /g)).toHaveLength(1);
  expect(listed).toMatch(/hook input priority filter; policy drop/);
});

test('networks that overlap, a single address and a role are all written as nft reads them', async (context) => {
  required(await machineImage, context);
  const rule = { to: 'web', protocol: 'tcp', why: `it's "quoted" ${'and long '.repeat(30)}` } as const;
  const input = machineInput({
    rules: [
      { ...rule, from: 'operators', port: 22 },
      { ...rule, from: 'internet', port: 443 },
      { ...rule, from: { role: 'api' }, port: 3306 },
      { ...rule, from: { networks: ['203.0.113.0/28'], name: 'gateway' }, port: 53, protocol: 'udp' },
    ],
    operators: ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.3/32', '10.1.2.3/32'],
  });
  await run('nft --check --file firewall.nft.conf', { 'firewall.nft.conf': firewall(input) });
});

test('compose hands every text to a container as it is', async (context) => {
  required(await machineImage, context);
  const awkward = [
    '1_000',
    '0o17',
    '2001-01-01',
    'yes',
    '~',
    '012',
    '',
    ' x ',
    '$',
    '$$',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: compose must not expand it
    '${A:-b}',
    '#',
    'a\nb\n',
    'a\u0085\u2028b',
    '\u007f\u0080\u009f\ufeff\ufffe\uffff',
  ];
  const texts = [...awkward, ...fc.sample(anyText({ maxLength: 30 }).map(withoutNul), 300)];
  const services = texts.map((text, index) => [`SETTING_${index}`, text] as const);
  const definition = definitionOf(container({ name: 'app', env: Object.fromEntries(services), command: texts }));
  const output = await run('export APP_RELEASE=x; docker compose --file compose.yaml config --format json', {
    'compose.yaml': baseFile('shop', [definition]),
  });
  const { environment, command } = JSON.parse(output).services.app;
  // It prints a file that could be read again: with each $ escaped
  const read = (text: string): string => text.replaceAll('$$', '$');
  expect(Object.values<string>(environment).map(read).sort()).toEqual([...texts].sort());
  expect(command.map(read)).toEqual(texts);
});

const withoutNul = (text: string): string => text.replaceAll('\0', '');

test('a program finds its secret files by their variables, and nobody else reads them', async (context) => {
  required(await machineImage, context);
  const see = 'stat -c "%a %U" "$A_FILE" "$B_FILE"; cat "$A_FILE"; echo; id -un';
  const service = supervised({
    command: ['/bin/bash', '-c', see],
    secretFiles: { A_FILE: secret('password'), B_FILE: { secret: 'password' } },
  });
  const { entries } = bundle(machineInput({ services: [service], secrets: { password: "it's\nPEM" } }));
  const own = Object.entries(entries).filter(([path]) => path.startsWith('files/etc/berth/shop/app/'));
  const files = Object.fromEntries(own.map(([path, text]) => [path.replace(/.*\//, ''), text]));
  const said = await run(
    `useradd --system --user-group shop-app; install -d /srv/berth/shop/builds/${buildName(service.source)}
    for at in 21001 21000; do bash "$PWD/start" $at; done
    ! setpriv --reuid nobody --clear-groups cat /run/berth-files/shop-app-21000/A_FILE 2>/dev/null
    ls /run/berth-files; rm secret-A_FILE; bash "$PWD/start" 21000 2>/dev/null || echo does not start without`,
    files,
  );
  const once = "400 shop-app\n400 shop-app\nit's\nPEM\nshop-app\n";
  expect(said).toBe(`${once}${once}shop-app-21000\nshop-app-21001\ndoes not start without\n`);
});
