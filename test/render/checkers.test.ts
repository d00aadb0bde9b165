import { afterAll, beforeAll, expect, test } from 'vitest';
import { machineImage, required } from './docker.ts';
import { type Machine, startMachine } from './machine.ts';
import { type RenderedMachine, renderedMachines, stacks } from './rendered.ts';

// What is rendered, read by the programs that will read it, at the versions that a machine has.

interface Checker {
  program: string;
  /** The file's text */
  file(machine: RenderedMachine): string;
  /** The name that the program wants to see */
  name: string;
  script: string;
  /** Makes a mistake that the program must notice */
  spoil: [right: string | RegExp, wrong: string];
}

const placed =
  (pattern: RegExp) =>
  ({ bundle }: RenderedMachine): string =>
    Object.entries(bundle.entries).find(([path]) => path.startsWith('files/') && pattern.test(path))?.[1] ?? '';

/** What the host decides, as a compose file takes it */
const choices = ['BACKEND', 'FRONTEND', 'FILEBEAT']
  .map((name) => `export ${name}_COLOUR=blue ${name}_PORT=21000 ${name}_RELEASE=0123456789ab`)
  .join('; ');

const compose = (name: string): Checker => ({
  program: `docker compose config (${name})`,
  file: ({ bundle }) => bundle.entries[name] ?? '',
  name: 'compose.yaml',
  script: `${choices}; docker compose --project-name check --file compose.yaml config --quiet`,
  spoil: ['cap_drop:', 'cap_dorp:'],
});

const checkers: readonly Checker[] = [
  {
    program: 'nft --check',
    file: placed(/firewall\.nft\.conf$/),
    name: 'firewall.nft.conf',
    script: 'nft --check --file firewall.nft.conf',
    spoil: ['policy drop', 'policy dorp'],
  },
  {
    program: 'sshd -t',
    file: placed(/sshd_config\.d/),
    name: '01-berth.conf',
    script: 'ssh-keygen -A >/dev/null && install -d -m 0755 /run/sshd && /usr/sbin/sshd -t -f 01-berth.conf',
    spoil: ['curve25519-sha256,', 'curve52219-sha256,'],
  },
  {
    program: 'dockerd --validate',
    file: placed(/daemon\.json$/),
    name: 'daemon.json',
    script: 'dockerd --validate --config-file daemon.json',
    spoil: ['live-restore', 'live-restor'],
  },
  {
    program: 'logrotate --debug',
    file: placed(/logrotate\.d/),
    name: 'berth',
    // It ends well whatever it ignores: what it says counts too
    script:
      'chmod 0644 berth; logrotate --debug --state /dev/null berth 2>&1 | tee said; ! grep -E "^(warning: berth|error)" said',
    spoil: ['dateext', 'datext'],
  },
  {
    program: 'systemd-analyze verify',
    file: placed(/berth-firewall\.service$/),
    name: 'berth-firewall.service',
    script: 'systemd-analyze verify --man=no ./berth-firewall.service 2>&1 | tee said; [[ ! -s said ]]',
    spoil: ['RemainAfterExit', 'RemainAftrExit'],
  },
  {
    program: 'systemd-tmpfiles --dry-run',
    file: placed(/tmpfiles\.d/),
    name: 'berth.conf',
    script: 'systemd-tmpfiles --dry-run --clean ./berth.conf',
    spoil: [/^e /m, 'ee '],
  },
  {
    program: 'cloud-init schema',
    file: ({ userData }) => userData,
    name: 'user-data',
    script: 'cloud-init schema --config-file user-data',
    spoil: ['ssh_pwauth', 'ssh_pwaut'],
  },
  ...['colours.yaml', 'base.yaml', 'check.yaml', 'edge.yaml'].map(compose),
];

let machine: Machine | undefined;
beforeAll(async () => {
  machine = await startMachine('checkers');
});
afterAll(() => machine?.remove());

const all = stacks.flatMap((stack) => renderedMachines(stack).map((rendered) => ({ stack, rendered })));
/** What several machines have alike is looked at once; what a machine has not, such as an edge, is no case of its own */
const cases = checkers.flatMap((checker) => {
  const texts = new Map(all.map((one) => [checker.file(one.rendered), one]));
  return [...texts].flatMap(([text, one]) =>
    text === '' ? [] : [{ ...one, name: one.rendered.name, text, checker, program: checker.program }],
  );
});

test.for(cases)('$program accepts what $name of $stack has', async ({ text, checker }, context) => {
  required(await machineImage, context);
  const answer = await machine?.run(checker.script, { [checker.name]: text });
  expect(answer?.code, answer?.output).toBe(0);
});

test.for(checkers)('$program notices a mistake', async (checker, context) => {
  required(await machineImage, context);
  const [{ rendered }] = all as [(typeof all)[number]];
  const text = checker.file(rendered);
  const spoiled = text.replace(...checker.spoil);
  expect(spoiled).not.toBe(text);
  const answer = await machine?.run(checker.script, { [checker.name]: spoiled });
  expect(answer?.code, answer?.output).not.toBe(0);
});
