import { type Needed, neededLogins } from '../../clouds/credentials.ts';
import { clouds } from '../../clouds/registry.ts';
import type { Loaded } from '../../config/load.ts';
import { adoptsMachines } from '../../model/cloud.ts';
import { stackName } from '../../pulumi/stackName.ts';
import { shellWord } from '../shell.ts';
import { table } from '../table.ts';
import { backendLogin, githubSettings, type Setting } from './github.ts';

export interface PreparedStack extends Pick<Loaded, 'environment' | 'blueprints'> {
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
export function guide(prepared: PreparedStack): string {
  const { stack, environment, left, publicKey } = prepared;
  const name = stackName(stack);
  const adopted = Object.entries(environment.systems).filter(
    ([, { cloud }]) => clouds[cloud] && adoptsMachines(clouds[cloud].capabilities),
  );
  return [
    `Commit Pulumi.${name}.yaml: its secrets are encrypted.`,
    ...(left.size > 0
      ? [`Still missing; run \`berth init ${stack}\` again to set them:\n${table(['SECRET', 'WHAT'], [...left])}`]
      : []),
    ...(publicKey !== undefined && adopted.length > 0
      ? [
          `Machines of ${adopted.map(([system]) => system).join(', ')} exist already: authorize the deploy key by adding this line ` +
            `to ~/.ssh/authorized_keys of their users, and of the users of their bastions:\n${publicKey}\n`,
        ]
      : []),
    shellText(prepared),
    githubText(prepared),
    stateText(prepared),
  ]
    .map((paragraph) => `\n${paragraph.trimEnd()}\n`)
    .join('');
}

const shellText = ({ stack, backend, secretsProvider }: PreparedStack): string =>
  [
    'To read or deploy it by hand, in a shell:',
    `  export PULUMI_BACKEND_URL=${shellWord(backend)}`,
    ...(secretsProvider === 'passphrase'
      ? ['  export PULUMI_CONFIG_PASSPHRASE_FILE=<a file with the passphrase, 0600>']
      : []),
    `  pulumi preview --stack ${stack}`,
  ].join('\n');

function githubText({ stack, backend, secretsProvider, environment, blueprints }: PreparedStack): string {
  const name = stackName(stack);
  const needed = neededLogins(environment, blueprints, clouds);
  const clashing = clash(backend, needed);
  const settings = githubSettings({ backend, secretsProvider }, needed);
  const rows = [...settings].sort((one, other) => Number(one.secret) - Number(other.secret)).map(row);
  return [
    `On GitHub: environments ${name} (deploys, after approval), preview-${name} (credentials that can only read) and`,
    `drift-${name} (the same credentials, for the branch main only).`,
    `Set the repository variables BERTH_STACKS, the stacks that the workflows handle (["${name}"], or several), and`,
    "BERTH_RUNNER, the label of a runner whose address is in the operators' networks. Set in all three environments:",
    table(['KIND', 'NAME', 'WHAT'], rows),
    ...(backend.startsWith('file:')
      ? ['A folder of this computer is not reachable from GitHub: move the state first (below: export, init, import).']
      : []),
    ...(clashing.length > 0
      ? [
          "AWS_ACCESS_KEY_ID can't serve both the object storage and an AWS account: keep the state of a stack that",
          `uses ${clashing.join(' and ')} in a bucket of AWS or in Azure Blob Storage, or give the URL a profile of ~/.aws: &profile=<name>.`,
        ]
      : []),
    'For least privileges and runners with a fixed address see docs/deploying.md.',
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

function stateText({ stack, backend }: PreparedStack): string {
  const kept = backend.startsWith('file:')
    ? 'Back that folder up: it is the only copy.'
    : 'Enable versioning of the bucket, with a lifecycle rule that keeps versions for some weeks.';
  return [
    'The state',
    '  Lock     a run that changes something writes .pulumi/locks/…, and others fail at once, naming its owner;',
    '           previews take no lock.',
    `  Killed   a killed run leaves its lock. Make sure that it has ended, then: pulumi cancel ${stack} --yes`,
    '           To pick up what the clouds did until then: pulumi preview --refresh, then pulumi up.',
    `  Backup   each run keeps a copy below .pulumi/backups. ${kept}`,
    `           Another copy, secrets encrypted: pulumi stack export --stack ${stack} --file state.json`,
    `           To restore it: pulumi stack import --stack ${stack} --file state.json`,
  ].join('\n');
}
