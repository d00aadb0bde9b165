import { type Needed, neededLogins } from '../../clouds/credentials.ts';
import { clouds } from '../../clouds/registry.ts';
import type { Loaded } from '../../config/load.ts';
import { stackName } from '../../pulumi/stackName.ts';
import { quoted } from '../shell.ts';
import { table } from '../table.ts';
import { backendLogin, githubSettings, type Setting } from './github.ts';

export interface Prepared extends Pick<Loaded, 'environment' | 'blueprints'> {
  /** Name as given, possibly with organization and project */
  stack: string;
  backend: string;
  secretsProvider: string;
  /** Missing secrets: descriptions by name */
  left: ReadonlyMap<string, string>;
  /** Public key of a newly made deploy key */
  publicKey?: string | undefined;
}

/** Returns the remaining steps for a prepared stack and what its owner must know */
export function guide(prepared: Prepared): string {
  const { stack, environment, left, publicKey } = prepared;
  const name = stackName(stack);
  const adopted = Object.entries(environment.systems).filter(
    ([, { cloud }]) => !clouds[cloud]?.capabilities.makesMachines,
  );
  return [
    `Commit Pulumi.${name}.yaml: what is secret in it is encrypted.`,
    ...(left.size > 0
      ? [`Still missing, by another \`berth init ${stack}\`:\n${table(['SECRET', 'WHAT'], [...left])}`]
      : []),
    ...(publicKey !== undefined && adopted.length > 0
      ? [
          `Machines of ${adopted.map(([system]) => system).join(', ')} exist already: let the deploy key in, by this line ` +
            `in their users' ~/.ssh/authorized_keys, and in those of the bastions before them:\n${publicKey}\n`,
        ]
      : []),
    shellText(prepared),
    githubText(prepared),
    stateText(prepared),
  ]
    .map((paragraph) => `\n${paragraph.trimEnd()}\n`)
    .join('');
}

const shellText = ({ stack, backend, secretsProvider }: Prepared): string =>
  [
    'In a shell that reads or deploys it by hand:',
    `  export PULUMI_BACKEND_URL=${quoted(backend)}`,
    ...(secretsProvider === 'passphrase'
      ? ['  export PULUMI_CONFIG_PASSPHRASE_FILE=<a file with the passphrase, 0600>']
      : []),
    `  pulumi preview --stack ${stack}`,
  ].join('\n');

function githubText({ stack, backend, secretsProvider, environment, blueprints }: Prepared): string {
  const name = stackName(stack);
  const needed = neededLogins(environment, blueprints, clouds);
  const clashing = clash(backend, needed);
  const settings = githubSettings({ backend, secretsProvider }, needed);
  const rows = [...settings].sort((one, other) => Number(one.secret) - Number(other.secret)).map(row);
  return [
    `On GitHub: environments ${name} (which deploys, after approval), preview-${name} (whose logins may only read) and`,
    `drift-${name} (the same logins, open to the branch main alone).`,
    `The repository has the variable BERTH_STACKS, the stacks that its workflows look after (["${name}"], or several), and`,
    "BERTH_RUNNER, the runner with an address among the operators' networks; all three environments have:",
    table(['KIND', 'NAME', 'WHAT'], rows),
    ...(backend.startsWith('file:')
      ? [
          'A folder of this computer is nothing that GitHub reaches: move the state first (below: export, init, import).',
        ]
      : []),
    ...(clashing.length > 0
      ? [
          "AWS_ACCESS_KEY_ID can't be the object storage's and a cloud account's at once: keep the state of a stack that",
          `uses ${clashing.join(' and ')} in a bucket of AWS or in Azure Blob Storage, or give the URL a profile of ~/.aws: &profile=<name>.`,
        ]
      : []),
    'Least rights of each, and how a runner gets its address: docs/deploying.md.',
  ].join('\n');
}

const row = ({ name, what, secret }: Setting): readonly string[] => [secret ? 'secret' : 'variable', name, what];

/** Returns the clouds that read the same variables as a backend with keys of another object storage */
function clash(backend: string, needed: readonly Needed[]): readonly string[] {
  if (!/^s3:.*[?&]endpoint=/.test(backend) || /[?&]profile=/.test(backend)) return [];
  const own = backendLogin(backend).map(({ name }) => name);
  return needed.flatMap(({ cloud, credentials: { ways } }) =>
    ways.some(({ variables }) => variables.some(({ name }) => own.includes(name))) ? [cloud] : [],
  );
}

function stateText({ stack, backend }: Prepared): string {
  const kept = backend.startsWith('file:')
    ? 'Back that folder up: nobody else has it.'
    : 'Switch on the versions of the bucket, with a rule that keeps them for some weeks.';
  return [
    'The state',
    '  Lock     a run that changes something writes .pulumi/locks/…, and others end at once, saying whose it is;',
    '           previews take none.',
    `  Killed   a run that was killed leaves its lock. See that it is over, then: pulumi cancel ${stack} --yes`,
    '           What the clouds did meanwhile: pulumi preview --refresh, then pulumi up.',
    `  Backup   each run keeps a copy below .pulumi/backups. ${kept}`,
    `           One more, with its secrets encrypted: pulumi stack export --stack ${stack} --file state.json`,
    `           And back: pulumi stack import --stack ${stack} --file state.json`,
  ].join('\n');
}
