import { keyFindings } from './compose/keys.ts';
import type { Source } from './compose/service.ts';
import type { Draft, DraftService, DraftSite } from './draft.ts';
import { type Finding, RefusedError } from './finding.ts';
import { imagesOf } from './images.ts';
import { knownImage, otherProtocols } from './knownImages.ts';
import { authorityFile, databaseSecrets, understood } from './meaning.ts';
import { hyphenated } from './names.ts';
import { type Made, made } from './services.ts';
import { httpPort, publicPorts, type Sorted, type SortOptions, sorted } from './sort.ts';

export interface DraftInput extends SortOptions {
  name: string;
  sources: readonly Source[];
  /** File that the sources are from. @default made of flags */
  from?: string | undefined;
  /** Tags by service, in the place of those that move */
  pins?: Readonly<Record<string, string>>;
  /** Port and health path of the main service. @default found */
  port?: number | undefined;
  health?: string | undefined;
  /** Name of the site on this computer. @default the system's below localhost */
  domain?: string | undefined;
}

/**
 * Returns a system's draft from its services
 * @throws RefusedError with everything that cannot be taken over, if anything may not be left out
 */
export function draftOf(input: DraftInput): Draft {
  const { sources, port, health } = input;
  const applications = sources.filter(({ image }) => knownImage(image).kind === 'application');
  const chosen = input.main ?? (applications.length === 1 ? applications[0]?.name : undefined);
  const given = sources.map((source) => (source.name === chosen ? withPort(source, port) : source));
  const found = sorted(given, input);
  const kept = 'main' in found ? [found.main, ...found.others, ...found.migrations, ...found.scheduled] : given;
  const keys = kept.flatMap(keyFindings);
  if (!('main' in found)) throw new RefusedError([...keys, ...found.findings]);
  const main = { ...withPort(found.main, port), ...(health !== undefined && { healthPath: health }) };
  return assembled(input, { ...found, main }, keys);
}

/** Returns a service that answers on a port before all others */
const withPort = (source: Source, port: number | undefined): Source =>
  port === undefined
    ? source
    : { ...source, ports: [{ target: port, protocol: 'tcp', loopback: false }, ...source.ports] };

function assembled(
  { name, from, domain = `${name}.localhost`, pins = {} }: DraftInput,
  found: Sorted,
  keys: readonly Finding[],
): Draft {
  const { main, others, migrations, scheduled } = found;
  const own = understood(name, found);
  const images = imagesOf(name, main, [...others, ...migrations, ...scheduled], pins);
  const beside = [main, ...others].map((source) => source.name);
  const of = (source: Source): Made => made({ source, images, understood: own, beside });
  const services = [main, ...others].map(of);
  const jobs = [...migrations, ...scheduled].map((source) => ({ source, made: of(source) }));
  const all = [...services, ...jobs.map((job) => job.made)];
  const findings = [
    ...keys,
    ...found.findings,
    ...images.findings,
    ...all.flatMap((one) => one.findings),
    ...databaseFindings(found),
    ...portFindings(found),
  ];
  if (findings.some(({ kind }) => kind === 'refused')) throw new RefusedError(findings);
  const running = switched(services.map(({ service }) => service));
  return {
    ...{ name, ...(from !== undefined && { from }), version: images.version, domain },
    healthPath: services[0]?.service.healthPath ?? '/',
    services: running,
    jobs: jobs.map(({ source, made: { service } }) => ({
      ...{ name: service.name, service },
      when: source.calendar === undefined ? 'release' : { calendar: source.calendar },
    })),
    sites: sitesOf(found),
    ...(own.database && { database: own.database }),
    ...{ caches: own.caches, buckets: own.buckets, builds: images.builds },
    secrets: {
      ...own.secrets,
      ...(own.database && secretsOf(own.database.kind)),
      ...Object.fromEntries(
        all.flatMap(({ secrets }) => Object.entries(secrets)).filter(([secret]) => secret !== 'databasePassword'),
      ),
    },
    asked: [...new Set(all.flatMap((one) => one.asked))].sort(),
    findings: [...findings, ...stopFindings(running)],
  };
}

const descriptions: Readonly<Record<string, string>> = {
  databasePassword: "the application's password at its database: letters and digits, as it stands in a URL",
  databaseRootPassword: "the password of the database's administrator",
  exporterPassword: 'the password with which figures are read from the database',
};

const secretsOf = (kind: 'mysql' | 'postgres'): Record<string, string> =>
  Object.fromEntries(Object.values(databaseSecrets[kind]).map((secret) => [secret, descriptions[secret] ?? secret]));

/** What a service calls that is replaced at a release is reached by it only if that is replaced, too */
function switched(services: readonly DraftService[]): readonly DraftService[] {
  const called = services.filter(({ rollout }) => rollout === 'replace').flatMap(({ calls }) => calls);
  const more = services.map(
    (service): DraftService => (called.includes(service.name) ? { ...service, rollout: 'replace' } : service),
  );
  return more.some(({ rollout }, index) => rollout !== services[index]?.rollout) ? switched(more) : more;
}

/** Services whose users notice a release */
const stopFindings = (services: readonly DraftService[]): readonly Finding[] =>
  services
    .filter(({ healthPath, rollout }) => healthPath !== undefined && rollout === 'replace')
    .map(({ name, mounts }) => ({
      kind: 'changed',
      what: `${name} does not answer for some seconds of each release: ${
        mounts.length > 0 ? 'two at once would write the same files' : 'what calls it is replaced by it'
      }`,
      ...(mounts.length > 0 && { way: "if they may, write rollout: 'colours' in system.ts" }),
    }));

/** The main service at the domain, others with a public port below it, or by the path of Traefik's label */
function sitesOf({ main, others }: Sorted): readonly DraftSite[] {
  const more = others.flatMap((source): DraftSite[] => {
    const rule = Object.entries(source.labels).find(([key]) => /^traefik\.http\.routers\..*\.rule$/.test(key))?.[1];
    const [, path] = /PathPrefix\(`([^`]+)`\)/.exec(rule ?? '') ?? [];
    const service = hyphenated(source.name);
    if (path !== undefined && path !== '/') return [{ service, prefix: `${path.replace(/\/$/, '')}/` }];
    return publicPorts(source).length > 0 ? [{ service, prefix: '/', below: service }] : [];
  });
  return [{ service: hyphenated(main.name), prefix: '/' }, ...more];
}

function databaseFindings({ database }: Sorted): readonly Finding[] {
  if (!database) return [];
  const { source, kind } = database;
  const at = source.at('image');
  const init = source.volumes.findIndex(({ target }) => target.startsWith('/docker-entrypoint-initdb.d'));
  const scripts: Finding = {
    ...{ kind: 'left', what: `${source.name} runs scripts at its first start` },
    way: 'run them by `berth sql`, or as a job of a release',
  };
  const place = source.at('volumes', Math.max(0, init));
  return [
    {
      ...{ kind: 'changed', ...(at && { at }) },
      what: `${source.name} becomes ${kind === 'mysql' ? 'MySQL 8.0' : 'PostgreSQL 17'} on a machine of its own, which accepts TLS alone`,
      way: `its authority is the file ${authorityFile} in containers: name it in the application's own settings; load former data by \`berth sql\``,
    },
    ...(init === -1 ? [] : [{ ...scripts, ...(place && { at: place }) }]),
  ];
}

/** Ports that users reached and that no site leads to */
function portFindings({ main, others, ...found }: Sorted): readonly Finding[] {
  const parts = [...found.caches, ...found.stores, ...(found.database ? [found.database.source] : [])];
  return [main, ...others, ...parts].flatMap((source) =>
    source.ports.flatMap(({ target, protocol, loopback }): Finding[] => {
      const isSite = httpPort(source) === target && !parts.includes(source);
      if (isSite || loopback) return [];
      if (protocol === 'tcp' && !otherProtocols.has(target) && !parts.includes(source) && target === 443) return [];
      const at = source.at('ports');
      const what = `${source.name} was reached on port ${target}/${protocol} from outside, and is not`;
      return [
        { kind: 'left', ...(at && { at }), what, way: 'a `rules` entry of a contribution in system.ts opens a port' },
      ];
    }),
  );
}
