import type { Source } from './compose/service.ts';
import { present } from './compose/service.ts';
import { readable } from './compose/variables.ts';
import type { DraftService, DraftValue } from './draft.ts';
import type { Finding } from './finding.ts';
import type { Images } from './images.ts';
import { type Known, knownImage, otherProtocols } from './knownImages.ts';
import { authorityFile, type Understood } from './meaning.ts';
import { camel, hyphenated } from './names.ts';
import { httpPort, imagePort } from './sort.ts';
import { mounted } from './storage.ts';
import { hostsIn, variableOf } from './values.ts';

export interface Made {
  service: DraftService;
  secrets: Readonly<Record<string, string>>;
  /** Variables without a value */
  asked: readonly string[];
  findings: readonly Finding[];
}

export interface MakeInput {
  source: Source;
  images: Images;
  understood: Understood;
  /** Names of all services that become containers */
  beside: readonly string[];
}

/** Memory of a service that says nothing of it */
const usualMb = 512;

/** Returns a service of a system from one of a file */
export function made({ source, images, understood, beside }: MakeInput): Made {
  const known = knownImage(source.image);
  const findings: Finding[] = [];
  const { env, secrets, asked } = variables(source, understood, findings);
  const mounts = mounted(source);
  const port = portOf(source);
  const isHttp = port !== undefined && !otherProtocols.has(port);
  const [entrypoint, ...before] = source.entrypoint ?? [];
  const command = [...before, ...(source.command ?? [])];
  const healthPath = isHttp ? pathOf(source, known, findings) : undefined;
  const user = userOf(source, known.user, findings);
  const usesDatabase = Object.values(env).some((value) => value.some(isDatabase));
  const writes = mounts.mounts.some(({ readOnly }) => !readOnly);
  return {
    secrets,
    asked,
    findings: [...findings, ...mounts.findings],
    service: {
      name: hyphenated(source.name),
      image: images.of(source),
      ...(command.length > 0 && { command }),
      ...(entrypoint !== undefined && { entrypoint }),
      env: { ...env, ...(usesDatabase && tlsVariables(understood, env)) },
      ...(port !== undefined && { port }),
      ...(healthPath !== undefined && { healthPath }),
      ...healthCommandOf(source, isHttp),
      calls: callsOf(source, beside),
      mounts: mounts.mounts,
      secretFiles: {
        ...Object.fromEntries(source.secrets.map((name) => [`/run/secrets/${name}`, camel(name)])),
      },
      // Two must not write the same files, and what nobody calls is not switched
      rollout: writes || port === undefined || !isHttp ? 'replace' : 'colours',
      memoryMb: source.memoryMb ?? usualMb,
      user,
      ...present({ cpus: source.cpus, stopSeconds: source.stopSeconds, stopSignal: source.stopSignal }),
    },
  };
}

const isDatabase = (part: DraftValue[number]): boolean =>
  typeof part === 'object' && 'ref' in part && part.ref.startsWith('machines.database.');

/** Whether a service's file with the authority of its database's certificate is wanted */
export const callsDatabase = ({ env }: DraftService): boolean =>
  Object.values(env).some((value) => value.some(isDatabase));

function variables(source: Source, { meaning }: Understood, findings: Finding[]) {
  const given = { ...knownImage(source.image).environment, ...source.environment };
  const env: Record<string, DraftValue> = {};
  const secrets: Record<string, string> = {};
  const asked: string[] = [];
  for (const [name, text] of Object.entries(given)) {
    const read = variableOf(name, text, meaning);
    if ('asked' in read) {
      asked.push(name);
      const at = source.at('environment', name);
      const what = `${name} of ${source.name} has no value: ${readable(text)}`;
      findings.push({ kind: 'left', ...(at && { at }), what, way: "write it at `env` of the environment's entry" });
    } else {
      env[name] = read.value;
      Object.assign(secrets, read.secrets);
    }
  }
  for (const name of source.secrets) secrets[camel(name)] = `the file /run/secrets/${name}`;
  return { env, secrets, asked };
}

/** Variables by which common clients check the certificate of their database */
function tlsVariables({ database }: Understood, env: Readonly<Record<string, DraftValue>>): Record<string, DraftValue> {
  const own: Record<string, DraftValue> =
    database?.kind === 'postgres'
      ? { PGSSLMODE: ['verify-full'], PGSSLROOTCERT: [authorityFile] }
      : 'DB_CONNECTION' in env
        ? { MYSQL_ATTR_SSL_CA: [authorityFile] }
        : {};
  return Object.fromEntries(Object.entries(own).filter(([name]) => !(name in env)));
}

const portOf = (source: Source): number | undefined =>
  httpPort(source) ?? source.ports[0]?.target ?? source.expose[0] ?? imagePort(source);

/** Path that answers 2xx when a service is ready */
function pathOf(source: Source, known: Known, findings: Finding[]): string {
  const found = source.healthPath ?? known.healthPath ?? healthPathOf(source);
  if (found !== undefined) return found;
  const at = source.at();
  const what = `${source.name} says no health path: / has to answer 2xx before users reach it`;
  findings.push({ kind: 'changed', ...(at && { at }), what, way: '--health, or `healthPath` in system.ts' });
  return '/';
}

/** Path of the URL that a health check asks */
const healthPathOf = ({ health }: Source): string | undefined =>
  /https?:\/\/[^\s/"'`;|)]+(\/[^\s"'`;|)]*)?/
    .exec(health?.command.join(' ') ?? '')
    ?.slice(1)
    .map((path) => path ?? '/')[0];

/** A check by wget or curl is berth's own; another one stays */
function healthCommandOf({ health }: Source, isHttp: boolean) {
  if (!health) return {};
  const words = health.command.join(' ');
  const isPlain = isHttp && /\b(curl|wget)\b/.test(words);
  return { deadlineSeconds: health.deadlineSeconds, ...(!isPlain && { healthCommand: health.command }) };
}

function callsOf(source: Source, beside: readonly string[]): readonly string[] {
  const others = beside.filter((name) => name !== source.name);
  const words = [...(source.command ?? []), ...(source.entrypoint ?? [])];
  const mentioned = [
    ...Object.entries(source.environment).flatMap(([name, text]) => hostsIn(name, text, others)),
    ...words.flatMap((word) => hostsIn('', word, others)),
    ...Object.keys(source.dependsOn).filter((name) => others.includes(name)),
  ];
  return [...new Set(mentioned)].sort().map(hyphenated);
}

/** An unprivileged user that does not exist on the machine */
const usualUser = '10001:0';

function userOf({ user, name, at }: Source, known: string | undefined, findings: Finding[]): string {
  const fallback = known ?? usualUser;
  if (user === undefined || user === '') return fallback;
  const [, uid, gid = '0'] = /^(\d+)(?::(\d+))?$/.exec(user) ?? [];
  if (uid !== undefined && uid !== '0') return `${uid}:${gid}`;
  const place = at('user');
  const isRoot = uid === '0' || /^root(:|$)/.test(user);
  findings.push({
    ...{ kind: 'changed', ...(place && { at: place }) },
    what: `${name} runs as ${fallback}: ${isRoot ? 'nothing runs as root' : `the number of \`${user}\` is not known here`}`,
    way: `write its number as \`user\` in system.ts: docker run --rm --entrypoint id <image> ${isRoot ? '' : user}`.trimEnd(),
  });
  return fallback;
}
