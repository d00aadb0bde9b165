import type { Draft } from '../draft.ts';
import { databaseSecrets } from '../meaning.ts';
import { camel } from '../names.ts';
import { around, block, type Code, list, object, printed, quoted } from './print.ts';
import { constantOf, jobCode, serviceConstants } from './services.ts';
import { constant, type Imports } from './values.ts';

/** Returns the text of `systems/<name>/system.ts` */
export function systemText(draft: Draft): string {
  const imports: Imports = new Set(['assemble', 'defineSystem', 'fields', 'machines', 'publicEdge', 'runs', 'z']);
  const keepsData = draft.services.some(({ mounts }) => mounts.length > 0);
  const secrets = secretsCode(draft, imports);
  const blueprint = blueprintText(draft, keepsData, imports);
  const body = [
    around('name: ', quoted(draft.name)),
    around('options: ', optionsCode(draft, keepsData)),
    around('roles: ', rolesCode(draft)),
    "pins: ['version']",
    around('secrets: ', secrets),
    around('local: ', dataCode(localOptions(draft))),
    blueprint,
  ].map((code) => `  ${printed(code, 2)},\n`);
  const from = draft.from === undefined ? '' : `, from ${draft.from}`;
  return `${importText(imports)}
/** ${draft.name}${from} by \`berth new\` */
export default defineSystem({
${body.join('')}});
`;
}

function importText(imports: Imports): string {
  const plain = (name: string): string => name.replace('type ', '');
  const names = [...imports].sort((a, b) => compared(plain(a), plain(b)));
  return `${printed(around('import ', block('{', names, '}'), " from 'berth';"))}\n`;
}

/** As biome sorts names: without regard to case at first */
const compared = (a: string, b: string): number => {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  return x < y ? -1 : x > y ? 1 : a < b ? -1 : 1;
};

const optionsCode = (draft: Draft, keepsData: boolean): Code =>
  around(
    'z.strictObject(',
    object({
      version: 'fields.version',
      domain: 'fields.domain',
      contact: 'fields.email',
      web: keepsData ? 'fields.dataMachine' : 'fields.loneMachine',
      ...(draft.database && { database: 'fields.database' }),
      ...Object.fromEntries(draft.caches.map(({ name }) => [camel(name), 'fields.cache'])),
      env: 'fields.env().default({})',
      uploads: 'fields.uploads',
    }),
    ')',
  );

function rolesCode({ database, caches }: Draft): Code {
  const names = ['web', ...(database ? ['database'] : []), ...caches.map(({ name }) => name)];
  const entries = names.map((name, slot) => {
    const option = camel(name);
    return [name, object({ slot: `${slot}`, option: option === name ? undefined : quoted(option) })];
  });
  return object(Object.fromEntries(entries));
}

function secretsCode({ database, secrets }: Draft, imports: Imports): Code {
  const own = Object.entries(secrets).map(([name, what]) => [name, quoted(what)] as const);
  const all = object(Object.fromEntries(own));
  if (!database) return around('() => (', all, ')');
  imports.add('backupSecrets');
  const items = typeof all === 'string' ? [] : all.items;
  return around('({ database }) => (', block('{', [...items, '...backupSecrets(database.backups)'], '}'), ')');
}

/** Returns the options of a system on this computer. Its port is by its name, so that two systems rarely want the same */
export function localOptions(draft: Draft): Readonly<Record<string, unknown>> {
  const { version, domain, database, caches, services, jobs } = draft;
  // A release runs two of what it switches
  const asked = services.map(({ memoryMb, rollout }) => memoryMb * (rollout === 'colours' ? 2 : 1));
  const totalMb = [...asked, ...jobs.map(({ service }) => service.memoryMb)].reduce((sum, one) => sum + one, 0);
  const size = totalMb > 3300 ? 'large' : totalMb > 1300 ? 'medium' : 'small';
  return {
    ...{ version, domain, contact: 'ops@example.org', web: { size, publish: { 443: localPort(draft.name) } } },
    ...(database && { database: { size: 'small' } }),
    ...Object.fromEntries(
      caches.map(({ name, password }) => [
        camel(name),
        { size: 'small', ...(password === undefined && { auth: false }) },
      ]),
    ),
  };
}

const dataCode = (data: unknown): Code =>
  typeof data === 'object' && data !== null
    ? object(Object.fromEntries(Object.entries(data).map(([name, value]) => [name, dataCode(value)])))
    : typeof data === 'string'
      ? quoted(data)
      : String(data);

/** Returns a port of this computer from 9100 to 9899 */
const localPort = (name: string): number =>
  9100 + [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 800, 7);

function blueprintText(draft: Draft, keepsData: boolean, imports: Imports): string {
  const { database, caches } = draft;
  const options = [
    ...['version', 'domain', 'contact', 'web', ...(database ? ['database'] : [])],
    ...[...caches.map(({ name }) => camel(name)), 'env', 'uploads'],
  ];
  const services = serviceConstants(draft, imports);
  const lines = [
    constant('tls', "{ kind: 'acme', contact, httpsPort: web.publish?.[443] ?? 443 } as const"),
    constant(
      'site',
      around(
        'publicEdge(',
        object({ role: "'web'", sites: list(draft.sites.map(siteCode)), tls: 'tls', uploads: 'uploads' }),
        ')',
      ),
    ),
    ...services,
    constant('heading', headingCode(draft)),
    around('return assemble(heading, ', partsCode(draft, keepsData, imports), ');'),
  ];
  const body = lines.map((line) => `    ${printed(line, 4)}\n`).join('');
  return `blueprint(${printed(block('{', options, '}'), 2, 4, 10)}) {\n${body}  }`;
}

const siteCode = ({ service, prefix, below }: Draft['sites'][number]): Code =>
  object({
    domain: below === undefined ? 'domain' : `\`${below}.\${domain}\``,
    prefix: quoted(prefix),
    service: quoted(service),
  });

function headingCode({ name, healthPath, jobs }: Draft): Code {
  return object({
    ...{ system: quoted(name), version: 'version', url: 'site.url' },
    probe: object({ path: quoted(healthPath), tellsVersion: 'false' }),
    ...(jobs.some(({ when }) => when === 'release') && {
      migrates: object({ runbook: quoted(`systems/${name}/README.md`) }),
    }),
  });
}

function partsCode(draft: Draft, keepsData: boolean, imports: Imports): Code {
  const { database, caches, buckets, jobs } = draft;
  const kind = object({ address: "'reserved'", volume: keepsData ? '{ sizeGb: web.volumeGb }' : undefined });
  const parts: Code[] = [
    block('machines(', ["'web'", 'web', kind], ')'),
    'site',
    block('runs(', ["'web'", ...draft.services.map(({ name }) => constantOf(name, draft))], ')'),
  ];
  if (jobs.length > 0) {
    const own = list(jobs.map((job) => jobCode(job, draft, imports)));
    parts.push(object({ roles: object({ web: object({ jobs: own }) }) }));
  }
  if (database) parts.push(...databaseCode(draft.name, database, imports));
  for (const { name, password } of caches) {
    imports.add('redisCache');
    const cache = object({
      ...{ name: quoted(name), calledBy: "'web'", why: "'the application keeps what is used often'" },
      password: password === undefined ? undefined : quoted(password),
      machine: camel(name),
    });
    parts.push(around('redisCache(', cache, ')'));
  }
  if (buckets.length > 0)
    parts.push(object({ buckets: list(buckets.map((name) => `{ name: ${quoted(name)}, apis: ['s3'] }`)) }));
  return list(parts);
}

function databaseCode(
  system: string,
  { kind, database, user }: NonNullable<Draft['database']>,
  imports: Imports,
): Code[] {
  imports.add(kind);
  const secrets = Object.entries(databaseSecrets[kind]).map(([name, secret]) => [name, quoted(secret)] as const);
  const volume = object({ address: "'public'", volume: '{ sizeGb: database.volumeGb }' });
  const own = object({
    ...{ role: "'database'", calledBy: "'web'", database: quoted(database), user: quoted(user) },
    ...Object.fromEntries(secrets),
    ...(kind === 'mysql' && { memoryMb: '1024' }),
  });
  const backups = `...(database.backups && { backups: { system: ${quoted(system)}, ...database.backups } })`;
  const items = typeof own === 'string' ? [] : own.items;
  return [
    block('machines(', ["'database'", 'database', volume], ')'),
    around(`${kind}(`, block('{', [...items, backups], '}'), ')'),
  ];
}
