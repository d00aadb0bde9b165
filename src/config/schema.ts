import { z } from 'zod';
import type { Clouds } from '../model/cloud.ts';
import { authorities } from '../model/environment.ts';
import type { System } from '../model/system.ts';
import { cloudSettings, type Placement, placementOn, preparations } from './cloudSchemas.ts';
import { networks } from './fields.ts';
import { guided, textField } from './guide.ts';
import { images, signers } from './imageFields.ts';
import { privateRange } from './privateRange.ts';
import { proxy } from './proxyField.ts';
import { registries } from './registryFields.ts';
import { secretForm } from './secrets.ts';
import { sshPublicKey } from './sshPublicKey.ts';

export type Systems = Readonly<Record<string, System<unknown>>>;

/** Returns the schema of berth's own namespace under `config:` in an environment file */
export const environmentSchema = (systems: Systems, clouds: Clouds) =>
  z.strictObject({
    'berth:environment': environmentName.exactOptional(),
    'berth:operators': operators,
    'berth:network': privateRange.exactOptional(),
    'berth:authority': authority.exactOptional(),
    'berth:proxy': proxy.exactOptional(),
    'berth:clouds': cloudSettings(clouds).exactOptional(),
    'berth:registries': registries('registries').exactOptional(),
    'berth:images': images.exactOptional(),
    'berth:signers': signers.exactOptional(),
    'berth:systems': systemEntries(systems, placementOn(clouds)),
    'berth:secrets': secrets.exactOptional(),
    ...preparations(clouds),
  });

export type EnvironmentSchema = ReturnType<typeof environmentSchema>;

const environmentName = textField({
  noun: 'the name of an environment',
  description: 'The name of the environment, part of every host name. @default the name of the stack',
  examples: ['preprod', 'prod', 'prod-basegun'],
  allowed:
    "at most 24 lower-case letters, digits and hyphens, a letter first, such as preprod (absent: the stack's name)",
  pattern: /^[a-z](?:[a-z0-9-]{0,22}[a-z0-9])?$/,
  flaw: (value) => {
    const near = value
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^[^a-z]+|-+$/g, '')
      .slice(0, 24);
    const fix = { fix: `write berth:environment: ${near || 'preprod'}` };
    if (/[^a-z0-9-]/.test(value))
      return { message: 'has other characters than lower-case letters, digits and hyphens', ...fix };
    return value.length > 24 ? { message: 'is longer than 24 characters', ...fix } : undefined;
  },
});

const authority = guided(
  z
    .enum(authorities)
    .describe(
      'The certificate authority for `tls: acme`: letsencrypt, which browsers trust and which issues at most ' +
        'five certificates a week for a set of names, or letsencrypt-staging, for tests. A change needs a restart of ' +
        'the edge (restartEdge). @default letsencrypt',
    ),
  { allowed: authorities.join(', ') },
);

const operators = guided(
  z
    .strictObject({
      networks: networks.describe(
        'The IPv4 networks with access to SSH: your office, your VPN, the runner that deploys. At least one.',
      ),
      sshPublicKeys: guided(
        z
          .array(sshPublicKey)
          .describe("The operators' own public keys, one line each. May be empty on local machines only."),
        { allowed: 'a list of public keys, such as ["ssh-ed25519 AAAA… ada"]' },
      ),
    })
    .describe('Who may administer the machines: SSH is closed to everybody else.'),
  { allowed: 'a block with networks and sshPublicKeys' },
);

const secretName = textField({
  noun: 'the name of a secret',
  description: 'A secret by system and name, or deployKey.',
  examples: ['basegun/registryPassword', 'deployKey'],
  allowed: 'deployKey, or a system and a name, such as basegun/registryPassword',
  pattern: secretForm,
});

const secrets = guided(
  z
    .record(
      secretName,
      guided(z.union([z.string().min(1), z.strictObject({ secure: z.string().min(1) })]), {
        allowed: 'what `pulumi config set --secret` writes: { secure: … }',
      }),
    )
    .describe(
      'Secrets, encrypted, each set by: pulumi config set --secret --path \'berth:secrets["<system>/<name>"]\'. ' +
        'Missing secrets are reported with the exact command to set them.',
    ),
  { allowed: 'secrets by name, such as { basegun/registryPassword: { secure: … } }' },
);

function systemEntries(systems: Systems, placement: Placement) {
  const entries = Object.entries(systems).map(
    ([name, system]) => [name, systemEntry(system, placement).exactOptional()] as const,
  );
  return guided(
    z
      .strictObject(Object.fromEntries(entries))
      .check(({ value, issues }) => {
        if (issues.length > 0 || Object.keys(value).length > 0) return;
        issues.push({ code: 'custom', message: 'names no system', input: value });
      })
      .meta({ description: 'The systems that run in this environment, by name.', minProperties: 1 }),
    { allowed: `at least one of ${Object.keys(systems).join(', ')}` },
  );
}

/** Returns a system's options and placement as one strict object, so that errors list the keys of both */
function systemEntry({ name, options }: System<unknown>, placement: Placement): z.ZodType {
  const entry = placed(options, placement);
  if (entry === undefined) {
    throw new TypeError(
      `options of system ${name} must be a strict object, or a discriminated union of strict objects`,
    );
  }
  return guided(entry.describe(`Where system ${name} runs, and its options.`), {
    allowed: 'a block with cloud and the options of the system',
  });
}

function placed(options: z.ZodType, placement: Placement): z.ZodType | undefined {
  if (options instanceof z.ZodObject) return options.extend(placement.shape);
  if (!(options instanceof z.ZodDiscriminatedUnion)) return undefined;
  const variants = options.options.map((option) =>
    option instanceof z.ZodObject ? option.extend(placement.shape) : undefined,
  );
  const [first, ...rest] = variants.filter((variant) => variant !== undefined);
  if (first === undefined || rest.length + 1 < variants.length) return undefined;
  return z.discriminatedUnion(options.def.discriminator, [first, ...rest]);
}
