import { bound, unknownIn, type Variables } from './compose/variables.ts';
import type { DraftPart, DraftValue } from './draft.ts';
import { camel, isSecretName } from './names.ts';

/** What stands in the variables of services, and what berth puts in its place */
export interface Meaning {
  /** Host names of services that become machines or resources, each with the reference to its address */
  hosts: Readonly<Record<string, DraftPart>>;
  /** Texts that are known to be secrets or facts, such as a database's password */
  texts: ReadonlyMap<string, DraftPart>;
  /** Values of variables that the file leaves open */
  variables: Variables;
  /** Ports of the computer that lead to the site */
  sitePorts: readonly number[];
  /** Parameters of URLs with which clients check a database's certificate, by its host name */
  tls: Readonly<Record<string, string>>;
  /** Host names of caches with a password, each with the reference to its URL's scheme */
  schemes: Readonly<Record<string, DraftPart>>;
  /** Host names of object stores, each with its bucket's facts by their names */
  stores: Readonly<Record<string, (fact: 'endpoint' | 'bucket' | 'region') => DraftPart>>;
  /** Users of a database that have another name here, by their former one */
  users: Readonly<Record<string, string>>;
}

/** A variable in a system; `asked`: it has no value here, and the environment's file gives it */
export type Read = { value: DraftValue; secrets: Readonly<Record<string, string>> } | { asked: true };

/** Returns what a variable's text becomes; secrets never stay in it */
export function variableOf(name: string, text: string, meaning: Meaning): Read {
  const given = renamed(name, bound(text, meaning.variables), meaning);
  const whole = meaning.texts.get(given);
  const isKnown = whole !== undefined && (isSecretName(name) || unknownIn(given).length > 0);
  if (isKnown) return { value: [whole], secrets: {} };
  const [store] = Object.values(meaning.stores);
  if (store && /BUCKET/.test(name)) return { value: [store('bucket')], secrets: {} };
  if (store && /REGION/.test(name)) return { value: [store('region')], secrets: {} };
  const isAddress = hostsIn(name, given, [...Object.keys(meaning.hosts), ...Object.keys(meaning.stores)]).length > 0;
  if (isSecretName(name) && !isAddress && given !== '' && !/^(true|false|yes|no|null|\d{1,5})$/i.test(given))
    return { value: [{ secret: camel(name) }], secrets: { [camel(name)]: `what ${name} holds` } };
  const parts = replaced(name, given, meaning);
  const left = parts.flatMap((part) => (typeof part === 'string' ? unknownIn(part) : []));
  if (left.length > 0) return { asked: true };
  const secrets = parts.flatMap((part) => (typeof part === 'object' && 'secret' in part ? [part.secret] : []));
  const known = [...meaning.texts.values()].flatMap((part) =>
    typeof part === 'object' && 'secret' in part ? [part.secret] : [],
  );
  const own = secrets.filter((secret) => !known.includes(secret));
  return { value: parts, secrets: Object.fromEntries(own.map((secret) => [secret, `the secret part of ${name}`])) };
}

/** Returns the names of services that a text calls */
export const hostsIn = (name: string, text: string, candidates: readonly string[]): readonly string[] =>
  candidates.filter((host) => hostPattern(host, name).test(text));

function replaced(name: string, text: string, meaning: Meaning): DraftValue {
  let parts: DraftValue = [withTls(text, meaning)];
  const schemed = Object.entries(meaning.schemes).find(([host]) => hostPattern(host, name).test(text));
  if (schemed) parts = substituted(parts, /^redis(?=:\/\/)/g, () => schemed[1]);
  parts = substituted(parts, credentials, ([password]) => credential(name, password, meaning));
  for (const [host, fact] of Object.entries(meaning.stores)) {
    parts = substituted(parts, new RegExp(`https?://${host}(?::\\d+)?`, 'g'), () => fact('endpoint'));
  }
  for (const [host, part] of Object.entries(meaning.hosts)) {
    parts = substituted(parts, hostPattern(host, name), () => part);
  }
  parts = substituted(parts, /https?:\/\/(?:localhost|127\.0\.0\.1)(?::(\d+))?(?![\w:.])/g, ([, port]) =>
    meaning.sitePorts.includes(Number(port ?? 80)) ? { site: true } : undefined,
  );
  parts = substituted(parts, /https?:\/\/\u{e000}(\w+)\u{e001}/gu, ([, variable = '']) =>
    isDomainName(variable) ? { site: true } : undefined,
  );
  return substituted(parts, /\u{e000}(\w+)\u{e001}/gu, ([, variable = '']) => {
    if (isDomainName(variable)) return { domain: true };
    return isSecretName(variable) ? { secret: camel(variable) } : undefined;
  });
}

/** A user of a database by its name here, alone or in a URL */
function renamed(name: string, text: string, { users }: Meaning): string {
  if (/USER(NAME)?$/i.test(name) && users[text] !== undefined) return users[text];
  return text.replace(/(?<=:\/\/)(\w+)(?=:[^\s@/]*@)/, (user) => users[user] ?? user);
}

/** Password of a URL, or of words such as `host=… password=…` */
const credentials = /(?<=:\/\/[^\s:/@]*:)[^\s@/]+(?=@)|(?<=\bpassword=)[^\s;]+/g;

const credential = (name: string, password: string, { texts }: Meaning): DraftPart =>
  texts.get(password) ?? { secret: `${camel(name)}Password` };

const isDomainName = (variable: string): boolean => /(^|_)(DOMAIN|FQDN|HOSTNAME)(_NAME)?$/.test(variable);

/** Where a host's name stands in a text; a text that is nothing but the name counts if its variable is about a host */
function hostPattern(host: string, variable: string): RegExp {
  const name = host.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const after = '(?=$|:\\d|[/?,;)\\s])';
  const alone = /HOST|SERVER|ADDR|ENDPOINT|BROKER|NODE|URL|URI/i.test(variable) ? `|^${name}$` : '';
  return new RegExp(`(?<=\\/\\/|@|,|(?:host|server)=)${name}${after}|^${name}(?=:\\d)${alone}`, 'gi');
}

/** Adds parameters with which a client checks the certificate of its database, in the place of those that do not */
function withTls(text: string, { tls }: Meaning): string {
  const found = Object.entries(tls).find(([host]) => hostPattern(host, '').test(text));
  if (!found) return text;
  const plain = text.replace(/[?& ]sslmode=(?:disable|allow|prefer|require)/, (all) =>
    all.startsWith('?') ? '?' : '',
  );
  const own = found[1].split('&');
  if (/\bhost=/.test(plain)) return [plain, ...own].join(' ');
  if (!/^[a-z+\d]+:\/\//i.test(plain) || /[?&]ssl/.test(plain)) return plain;
  return `${plain}${plain.endsWith('?') ? '' : plain.includes('?') ? '&' : '?'}${own.join('&')}`.replace('?&', '?');
}

function substituted(
  parts: DraftValue,
  pattern: RegExp,
  by: (match: RegExpMatchArray) => DraftPart | undefined,
): DraftValue {
  return parts.flatMap((part): DraftValue => {
    if (typeof part !== 'string') return [part];
    const result: DraftPart[] = [];
    let from = 0;
    for (const match of part.matchAll(pattern)) {
      const part_ = by(match);
      if (part_ === undefined) continue;
      result.push(part.slice(from, match.index), part_);
      from = match.index + match[0].length;
    }
    return [...result, part.slice(from)].filter((one) => one !== '');
  });
}
