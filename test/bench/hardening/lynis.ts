import type { Audit, Finding } from './audit.ts';

const noPasswords = 'nobody has a password: logins are by key alone';
const container = 'a local machine is a container, which has no kernel and no boot of its own';
const oneDisk = 'logs, images and builds have limits of their own; data have a disk of theirs where one is declared';
const record =
  "logins, sudo and releases are in the journal and in the record of releases; an agent that counts all else is the owner's to add";

/** Why a machine has what Lynis warns of or suggests to change, by its test */
const reasons: Readonly<Record<string, string>> = {
  'DEB-0280': 'services run in containers or as users of their own, each with a /tmp of its own',
  'DEB-0810':
    'packages come from Debian stable; the container engine alone is upgraded by hand, one machine after another',
  'DEB-0811': 'as DEB-0810',
  'DEB-0831': "unattended-upgrades of a cloud's image restarts services; containers come from images",
  'DEB-0880': 'SSH is closed to all but operators, in the cloud and on the host, and a key cannot be guessed',
  'BOOT-5180': container,
  'BOOT-5264':
    "Debian's units are as Debian has them; programs of a product run without rights, by supervisor or in containers",
  'KRNL-5788': container,
  'AUTH-9230': noPasswords,
  'AUTH-9262': noPasswords,
  'AUTH-9284': 'users without a password, who log in by key or not at all',
  'AUTH-9286': noPasswords,
  'AUTH-9328': "files with secrets are written 0600; what others may read is Debian's",
  'FILE-6310': oneDisk,
  'NAME-4028': 'machines are found by address; public names are in DNS',
  'PKGS-7370': 'as DEB-0810: releases check what they place by sums of their own',
  'PKGS-7394': 'as DEB-0810',
  'PKGS-7420': "a cloud's image has unattended-upgrades, a local machine has not",
  'FIRE-4513':
    "the rules are nftables', each from the blueprint; docker's own have counters that a quiet machine leaves at 0",
  'SSH-7408':
    'limits are those of CIS (four tries, ten sessions: above); silent connections end after two minutes; the port is closed to all but operators',
  'LOGG-2154': 'a product ships its logs where it declares a log stream; the journal stays, within 500 MB',
  'BANN-7126': 'a text stops nobody',
  'BANN-7130': 'a text stops nobody',
  'ACCT-9622': record,
  'ACCT-9626': "figures are Prometheus', where `monitoring` is declared",
  'ACCT-9628': record,
  'FINT-4350': '`berth drift` compares each placed file with its release, every night',
  'TOOL-5002': 'berth leaves no agent on a machine',
  'FILE-7524': "Debian's own modes of cron and of its sshd_config, which hold no secret; berth's is 0600",
  'KRNL-6000': `${container}; of the network's settings see above`,
  'HRDN-7230': 'nobody puts files on a machine but releases; uploads lie in object storage',
};

const said = ({ id, text }: Finding): string => `Lynis ${id} (${text})`;

/** Findings without a reason, and reasons without a finding */
export const unexplained = ({ findings }: Audit): readonly string[] => [
  ...findings.filter(({ id }) => reasons[id] === undefined).map((one) => `${said(one)} fails`),
  ...Object.keys(reasons)
    .filter((id) => findings.every((one) => one.id !== id))
    .map((id) => `Lynis ${id} passes, and the table says why it does not`),
];

/** Returns the part `lynis` of docs/hardening.md */
export function lynisPart({ version, index, executed, skipped, findings }: Audit): string {
  const failed = new Set(findings.map(({ id }) => id));
  const passed = executed.filter((id) => !failed.has(id));
  return [
    `Lynis ${version}: hardening index ${index} of 100; ${executed.length} tests, ${passed.length} without a finding, ${skipped.length} that do not apply.`,
    [
      '| test | finding | because |',
      '| --- | --- | --- |',
      ...findings.map(({ id, text }) => `| ${id} | ${text} | ${reasons[id]} |`),
    ].join('\n'),
    `Without a finding: ${passed.join(', ')}.`,
    `Not applicable: ${skipped.join(', ')}.`,
  ].join('\n\n');
}
