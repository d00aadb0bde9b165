import type { Source } from './compose/service.ts';
import { unknownIn, unknownVariable } from './compose/variables.ts';
import type { Draft, DraftCache, DraftPart } from './draft.ts';
import { camel, hyphenated } from './names.ts';
import { publicPorts, type Sorted } from './sort.ts';
import type { Meaning } from './values.ts';

/** File in containers with the authority of their database's certificate */
export const authorityFile = '/etc/berth-tls/authority.crt';

/** What a system has beside its own services, and what the services' variables mean by it */
export interface Understood extends Pick<Draft, 'caches' | 'buckets' | 'secrets'> {
  database?: NonNullable<Draft['database']>;
  meaning: Meaning;
}

/** Names of a database's secrets */
export const databaseSecrets = {
  mysql: { password: 'databasePassword', rootPassword: 'databaseRootPassword', exporterPassword: 'exporterPassword' },
  postgres: { password: 'databasePassword', exporterPassword: 'exporterPassword' },
} as const;

/** Reference to the address of the database's machine, which the system's text writes by the part's own function */
export const databaseAddress: DraftPart = { ref: 'machines.database.0.privateAddress' };

export function understood(name: string, { main, proxies, ...sorted }: Sorted): Understood {
  const database = sorted.database && databaseOf(name, sorted.database);
  const caches = sorted.caches.map(cacheOf);
  const buckets = sorted.stores.length > 0 ? ['uploads'] : [];
  const published = [...publicPorts(main), ...proxies.flatMap(({ ports }) => ports)];
  const cacheHosts = sorted.caches.map((source, index) => [source.name, caches[index]?.cache.name] as const);
  const meaning: Meaning = {
    hosts: {
      ...(sorted.database && { [sorted.database.source.name]: databaseAddress }),
      ...Object.fromEntries(cacheHosts.map(([host, cache]) => [host, { ref: `caches.${cache}.host` }])),
    },
    texts: new Map([
      ...(database?.texts ?? []),
      ...caches.flatMap(({ cache, password }): [string, DraftPart][] =>
        password !== undefined && cache.password !== undefined ? [[password, { secret: cache.password }]] : [],
      ),
      ...sorted.stores.flatMap(storeTexts),
    ]),
    variables: database?.variables ?? {},
    users: database?.users ?? {},
    sitePorts: published.flatMap(({ published: port }) => port ?? []),
    tls:
      sorted.database?.kind === 'postgres'
        ? { [sorted.database.source.name]: `sslmode=verify-full&sslrootcert=${authorityFile}` }
        : {},
    schemes: Object.fromEntries(
      cacheHosts.flatMap(([host, cache], index) =>
        caches[index]?.password === undefined ? [] : [[host, { ref: `caches.${cache}.scheme` }]],
      ),
    ),
    stores: Object.fromEntries(
      sorted.stores.map((source) => [source.name, (fact: string) => ({ ref: `buckets.uploads.${fact}` })]),
    ),
  };
  return {
    ...(database && { database: database.draft }),
    ...{ caches: caches.map(({ cache }) => cache), buckets, meaning },
    secrets: {
      ...Object.fromEntries(
        caches.flatMap(({ cache: { name: of, password } }) =>
          password === undefined ? [] : [[password, `the password of ${of}: 16 to 128 letters and digits`]],
        ),
      ),
    },
  };
}

/** Users that a server keeps for its administrator */
const administrators = ['postgres', 'root'];

function databaseOf(system: string, { source, kind }: NonNullable<Sorted['database']>) {
  const { environment } = source;
  const of = (...names: readonly string[]) => names.map((one) => environment[one]).find((value) => value !== undefined);
  const asked = kind === 'mysql' ? ['MYSQL', 'MARIADB'] : ['POSTGRES'];
  const plain = system.replaceAll('-', '_');
  const givenUser = of(...asked.map((one) => `${one}_USER`));
  const isOwn = givenUser !== undefined && !administrators.includes(givenUser) && unknownIn(givenUser).length === 0;
  const user = isOwn ? givenUser : plain;
  const givenName = of(...asked.flatMap((one) => [`${one}_DATABASE`, `${one}_DB`]));
  const named = givenName ?? (isOwn ? givenUser : undefined);
  const database = named === undefined || unknownIn(named).length > 0 || administrators.includes(named) ? plain : named;
  const passwords = asked.flatMap((one) => [environment[`${one}_PASSWORD`], environment[`${one}_ROOT_PASSWORD`]]);
  const variableOf = (text: string | undefined, value: string) =>
    (text === undefined ? [] : unknownIn(text)).map((one) => [one, value] as const);
  return {
    draft: { kind, database, user },
    texts: passwords
      .filter((text) => text !== undefined && text !== '')
      .map((text): [string, DraftPart] => [`${text}`, { secret: databaseSecrets[kind].password }]),
    variables: Object.fromEntries([...variableOf(givenName, database), ...variableOf(givenUser, user)]),
    users: Object.fromEntries(isOwn ? [] : administrators.map((one) => [one, user])),
  };
}

function cacheOf(source: Source): { cache: DraftCache; password?: string } {
  const words = [...(source.entrypoint ?? []), ...(source.command ?? [])].join(' ');
  const [, asked] = /--requirepass[= ]+(\S+)/.exec(words) ?? [];
  const password = asked ?? source.environment.REDIS_PASSWORD;
  const name = hyphenated(source.name);
  if (password === undefined) return { cache: { name } };
  // A variable of the container itself is read where the command names it
  const [, variable] = /^\$\{?(\w+)\}?$/.exec(password) ?? [];
  const text = variable === undefined ? password : (source.environment[variable] ?? unknownVariable(variable));
  return { cache: { name, password: `${camel(name)}Password` }, password: text };
}

/** The keys of a store are those of its bucket */
function storeTexts({ environment }: Source): readonly [string, DraftPart][] {
  const user = environment.MINIO_ROOT_USER ?? environment.MINIO_ACCESS_KEY;
  const password = environment.MINIO_ROOT_PASSWORD ?? environment.MINIO_SECRET_KEY;
  return [
    ...(user ? [[user, { ref: 'buckets.uploads.accessKey' }] as [string, DraftPart]] : []),
    ...(password ? [[password, { ref: 'buckets.uploads.secretKey' }] as [string, DraftPart]] : []),
  ];
}
