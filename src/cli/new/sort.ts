import type { Source } from './compose/service.ts';
import type { Finding } from './finding.ts';
import { type Known, knownImage, otherProtocols } from './knownImages.ts';

/** Services by what becomes of each */
export interface Sorted {
  main: Source;
  /** Further services, in the file's order, without the main one */
  others: readonly Source[];
  /** Run to their ends at a release, before the others start */
  migrations: readonly Source[];
  /** Run at set times */
  scheduled: readonly Source[];
  database?: { source: Source; kind: 'mysql' | 'postgres' };
  caches: readonly Source[];
  stores: readonly Source[];
  /** Replaced by berth's own edge */
  proxies: readonly Source[];
  findings: readonly Finding[];
}

export interface SortOptions {
  /** Name of the service of the site. @default found */
  main?: string | undefined;
  /** Names of services that are left out. @default none */
  without?: readonly string[];
}

/**
 * Finds out what each service of a file is
 * @returns the sorted services; findings alone where none of them is a site
 */
export function sorted(all: readonly Source[], options: SortOptions): Sorted | { findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const note = (kind: Finding['kind'], source: Source, what: string, way?: string, ...path: string[]) => {
    const at = source.at(...path);
    findings.push({ kind, ...(at && { at }), what, ...(way !== undefined && { way }) });
  };
  const wanted = all.filter((source) => isWanted(source, options, note));
  const of = (kind: Known['kind']) => wanted.filter(({ image }) => knownImage(image).kind === kind);
  const applications = of('application').filter((source) => !isStandInProxy(source, wanted));
  const proxies = [...of('proxy'), ...wanted.filter((source) => isStandInProxy(source, wanted))];
  const databases = wanted.filter(({ image }) => ['mysql', 'postgres'].includes(knownImage(image).kind));
  const [database, ...more] = databases;
  for (const source of more) {
    note(
      'refused',
      source,
      `${source.name} is a second database`,
      'a system has one: --without it, or make two systems',
      'image',
    );
  }
  const [onCalendar, always] = parted(applications, ({ calendar }) => calendar !== undefined);
  const [migrations, services] = parted(always, (source) => isMigration(source, wanted));
  const main = mainOf(services, proxies, options.main);
  if (!main) {
    const way = 'name its service by --main and its port by --port';
    return { findings: [...findings, { kind: 'refused', what: 'no service answers HTTP on a port of its own', way }] };
  }
  for (const source of proxies) {
    note('changed', source, `${source.name} is replaced by berth's own edge, with its certificate`, undefined, 'image');
  }
  return {
    main,
    others: services.filter((source) => source !== main),
    migrations,
    scheduled: onCalendar,
    ...(database && { database: { source: database, kind: knownImage(database.image).kind as 'mysql' | 'postgres' } }),
    caches: of('cache'),
    stores: of('objectStore'),
    proxies,
    findings,
  };
}

type Note = (kind: Finding['kind'], source: Source, what: string, way?: string, ...path: string[]) => void;

function isWanted(source: Source, { without = [] }: SortOptions, note: Note): boolean {
  const { name, image, profiles } = source;
  const { kind } = knownImage(image);
  if (without.includes(name)) {
    note('left', source, `${name} is left out, as asked`);
    return false;
  }
  if (profiles.length > 0) {
    note(
      'left',
      source,
      `${name} starts only with the profile ${profiles.join(', ')}`,
      'remove its profiles to take it over',
      'profiles',
    );
    return false;
  }
  if (kind === 'tool') {
    note('left', source, `${name} is a tool of development`, '`berth sql` and `berth run` open prompts', 'image');
    return false;
  }
  if (kind === 'watcher') {
    note('left', source, `${name} watches or replaces containers, which berth does by itself`, undefined, 'image');
    return false;
  }
  return true;
}

/** An nginx with a configuration of its own before another service is a proxy; one with pages of its own is none */
const isStandInProxy = (source: Source, all: readonly Source[]): boolean =>
  /(^|\/)(nginx|httpd)(:|$)/.test(source.image ?? '') &&
  source.volumes.some(
    ({ target }) => target.startsWith('/etc/nginx') || target.startsWith('/usr/local/apache2/conf'),
  ) &&
  all.some(
    ({ name, image }) =>
      name !== source.name && knownImage(image).kind === 'application' && !/nginx|httpd/.test(image ?? ''),
  );

/** One that others wait for until it has ended, or that is not restarted and whose command migrates */
function isMigration(source: Source, all: readonly Source[]): boolean {
  const awaited = all.some(({ dependsOn }) => dependsOn[source.name] === 'service_completed_successfully');
  const words = [...(source.entrypoint ?? []), ...(source.command ?? [])].join(' ');
  return awaited || (['no', 'on-failure', 'false'].includes(source.restart ?? '') && /migrat/.test(words));
}

const usualNames = /^(web|app|site|frontend|front|server|wordpress|nextcloud|ghost|www)$/;

function mainOf(
  services: readonly Source[],
  proxies: readonly Source[],
  asked: string | undefined,
): Source | undefined {
  if (asked !== undefined) return services.find(({ name }) => name === asked);
  const behind = proxies.flatMap(({ dependsOn }) => Object.keys(dependsOn));
  const published = services.filter((source) => publicPorts(source).length > 0);
  const answering = services.filter((source) => httpPort(source) !== undefined);
  const candidates = [
    ...answering.filter(({ name }) => behind.includes(name)),
    ...published.filter(({ name }) => usualNames.test(name)),
    ...published,
    ...answering.filter(({ name }) => usualNames.test(name)),
    ...answering,
  ];
  return candidates[0];
}

/** Ports of HTTP that are open beyond the computer itself */
export const publicPorts = ({ ports }: Source): readonly Source['ports'][number][] =>
  ports.filter(
    ({ target, protocol, loopback }) =>
      protocol === 'tcp' && !loopback && !otherProtocols.has(target) && target !== 443,
  );

/** Port on which a service answers HTTP, by its ports, Traefik's label, or what is known of its image */
export function httpPort(source: Source): number | undefined {
  const label = Object.entries(source.labels).find(([key]) => /loadbalancer\.server\.port$/.test(key))?.[1];
  const known = imagePort(source);
  const candidates = [
    ...publicPorts(source).map(({ target }) => target),
    ...source.ports.map(({ target }) => target),
    ...source.expose,
    ...(label === undefined ? [] : [Number(label)]),
    ...listening(source),
    ...(known === undefined ? [] : [known]),
  ];
  return candidates.find((port) => !otherProtocols.has(port));
}

/** Port of a known image; another command of the image is another program */
export const imagePort = ({ image, command, entrypoint }: Source): number | undefined =>
  command || entrypoint ? undefined : knownImage(image).port;

/** Ports that a service is told by its variables to listen on: PORT, HTTP_PORT, LISTEN */
const listening = ({ environment }: Source): readonly number[] =>
  Object.entries(environment).flatMap(([name, text]) => {
    if (!/^((APP|HTTP|SERVER|WEB)_)?PORT$|^(LISTEN|BIND|HTTP_ADDR)/.test(name)) return [];
    const [, port] = /(?:^|:)(\d{2,5})$/.exec(text) ?? [];
    return port === undefined ? [] : [Number(port)];
  });

function parted<Item>(items: readonly Item[], is: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(is), items.filter((item) => !is(item))];
}
