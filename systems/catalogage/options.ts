import { fields, z } from 'berth';

/** Optional secrets of the server, by the environment variable that it reads */
export const furtherSecrets = {
  APP_CONFIG_REPO_API_KEY: {
    name: 'configRepoApiKey',
    what: 'the key with which the configuration repository creates organisations',
  },
  TOOLS_PASSWORDS: { name: 'toolsPasswords', what: 'passwords of the first users, a JSON object by e-mail address' },
} as const;

export const options = fields.withTls({
  ref: fields.version.describe('the commit to run: a full hash, or a version tag that never moves'),
  repository: fields.gitRepository.default('https://github.com/etalab/catalogage-donnees.git'),
  domain: fields.domain.describe('the public name of the site'),
  ...fields.otherNames,
  web: fields.machine.describe('the machine of the site'),
  database: fields.database
    .describe(
      'the machine of a PostgreSQL of its own: 2 GB of memory or more; without it, the secret `databaseUrl` names one elsewhere',
    )
    .exactOptional(),
  images: z
    .strictObject({ server: fields.image, client: fields.image })
    .describe(
      'in a cluster, which builds nothing: images of both programs, each with the commit as it was built in its working folder',
    )
    .exactOptional(),
  packages: z
    .array(fields.debianPackage)
    .default(['nodejs', 'npm', 'python3', 'python3-venv'])
    .describe("Debian's packages that build and run it"),
  ...fields.runtimes,
  build: z
    .array(z.string().min(1))
    .min(1)
    .default([
      'python3 -m venv venv',
      'venv/bin/pip install --quiet --no-cache-dir --requirement requirements.txt',
      'cd client',
      'npm ci --no-audit --no-fund',
      'npm run build',
      'npm prune --omit=dev --no-audit --no-fund',
    ])
    .describe('shell commands that build the programs of a commit, run in its folder as an unprivileged user'),
  migrate: z
    .union([z.array(z.string().min(1)).min(1), z.literal(false)])
    .default(['venv/bin/python', '-m', 'alembic', 'upgrade', 'head'])
    .describe(
      'program and arguments that migrate the database to the schema of a commit, run in its folder before the commit serves; false for none',
    ),
  initdata: z
    .union([z.array(z.string().min(1)).min(1), z.boolean()])
    .default(false)
    .describe(
      'whether `berth run` has a job `initdata` that loads the first data of the environment, the secret `initdata`; or its program and arguments, run in the folder of the commit, where INITDATA_FILE holds the path of that file',
    ),
  secretVariables: z
    .array(z.enum(['APP_CONFIG_REPO_API_KEY', 'TOOLS_PASSWORDS']))
    .default([])
    .describe('further settings of the server that are secrets'),
  uploads: fields.uploads,
  env: fields
    .env(Object.keys(furtherSecrets))
    .default({})
    .describe('further settings of the server, passed through unchanged'),
  secretFiles: fields
    .secretFilesByVariable([...Object.keys(furtherSecrets), 'INITDATA_FILE'])
    .describe('files that only the server can read, each by the variable that receives its path')
    .default({}),
});

export type Options = z.infer<typeof options>;
