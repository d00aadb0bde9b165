import { recordOf } from '../../new/compose/merge.ts';
import type { Finding } from '../../new/finding.ts';
import { isSecretName } from '../../new/names.ts';
import { type FoundHost, hasPassword, hidden, type Setting } from '../found.ts';
import { isComputed, type KamalConfig, textsOf } from './config.ts';

/** Returns the variables of a configuration, those of single roles too, and what its proxy says of the site */
export function kamalSettings(config: KamalConfig, hosts: readonly FoundHost[]): readonly Setting[] {
  const all = hosts.map(({ name }) => name);
  const servers = recordOf(config.data.servers);
  const roles = Array.isArray(config.data.servers) ? [] : Object.keys(servers);
  return [
    ...siteSettings(config, all),
    ...variables(config, config.data.env, ['env'], all),
    ...roles.flatMap((role) => {
      const own = hosts.filter(({ groups }) => groups.includes(role)).map(({ name }) => name);
      return variables(config, recordOf(servers[role]).env, ['servers', role, 'env'], own);
    }),
  ];
}

/** `clear` and `secret`, or variables at once; a secret may have another name at its source: `NAME:OTHER` */
function variables(
  { at }: KamalConfig,
  env: unknown,
  path: readonly string[],
  hosts: readonly string[],
): readonly Setting[] {
  const { clear, secret, tags: _, ...plain } = recordOf(env);
  const isSplit = clear !== undefined || secret !== undefined;
  const own = isSplit ? recordOf(clear) : plain;
  return [
    ...Object.entries(own).map(([name, value]): Setting => {
      const text = isComputed(value) ? undefined : value;
      const isSecret = isSecretName(name) || (typeof text === 'string' && hasPassword(text));
      const place = isSplit ? at(...path, 'clear', name) : at(...path, name);
      return { name, value: isSecret ? hidden : text, hosts, isVariable: true, at: place };
    }),
    ...textsOf(secret).map(
      (text, index): Setting => ({
        ...{ name: text.split(':')[0] ?? text, value: hidden, hosts, isVariable: true },
        at: at(...path, 'secret', index),
      }),
    ),
  ];
}

function siteSettings({ data, at }: KamalConfig, hosts: readonly string[]): readonly Setting[] {
  const proxy = recordOf(data.proxy);
  const [first, ...others] = [...textsOf(proxy.host).flatMap((text) => text.split(',')), ...textsOf(proxy.hosts)];
  const key = proxy.host === undefined ? 'hosts' : 'host';
  if (first === undefined) return [];
  const domain: Setting = { name: `proxy.${key}`, value: first.trim(), option: 'domain', hosts, at: at('proxy', key) };
  if (others.length === 0) return [domain];
  return [domain, { ...domain, value: others.map((name) => name.trim()), option: 'alsoAt' }];
}

/** What a configuration has that an entry has no place for */
export function kamalFindings({ data, at }: KamalConfig): readonly Finding[] {
  const proxy = recordOf(data.proxy);
  const servers = Array.isArray(data.servers) ? {} : recordOf(data.servers);
  const tags = recordOf(data.env).tags;
  const left: readonly (Finding | false)[] = [
    ...Object.entries(servers).map(([role, body]): Finding | false => {
      const { cmd } = recordOf(body);
      const what = `role ${role} runs another command`;
      return cmd !== undefined && { kind: 'left', at: at('servers', role, 'cmd'), what, way: inSystem };
    }),
    ...Object.entries(recordOf(data.accessories)).map(([name, body]): Finding => {
      const { image } = recordOf(body);
      const what = `accessory ${name}${typeof image === 'string' ? ` (${image})` : ''}: its image, variables and volumes`;
      return { kind: 'left', at: at('accessories', name), what, way: accessoryWay };
    }),
    ['healthcheck', 'app_port', 'path_prefix', 'response_timeout'].some((key) => key in proxy) && {
      ...{ kind: 'left', at: at('proxy'), what: 'port, path and health check of the proxy', way: inSystem },
    },
    proxy.ssl === false && {
      ...{ kind: 'changed', at: at('proxy', 'ssl'), what: 'TLS was ended elsewhere, and is by the machine: tls: acme' },
      way: 'for a gateway in front write tls: upstream with its gatewayNetworks',
    },
    tags !== undefined && { kind: 'left', at: at('env', 'tags'), what: 'variables of single hosts (env.tags)' },
    ...Object.keys(data).flatMap((key): readonly Finding[] =>
      key in others ? [{ kind: 'left', at: at(key), what: `${key}: ${others[key]}` }] : [],
    ),
    ...Object.keys(data)
      .filter((key) => !known.has(key) && !(key in others))
      .map((key): Finding => ({ kind: 'left', at: at(key), what: `${key} has no counterpart` })),
  ];
  return left.filter((finding) => finding !== false);
}

const inSystem = 'systems/<name>/system.ts says it';
const accessoryWay =
  'a database or cache is a role of the system: GROUP:ROLE puts it on that machine, and its data is loaded by hand';

const known = new Set([
  'service',
  'image',
  'servers',
  'ssh',
  'registry',
  'env',
  'proxy',
  'accessories',
  'minimum_version',
]);

/** What Kamal does by a key, and who does it from now on */
const others: Readonly<Record<string, string>> = {
  builder: 'images are built by your own workflow; berth pulls or takes what docker has',
  volumes: 'folders that outlive a release are mounts in systems/<name>/system.ts',
  asset_path: 'both versions answer while a release switches, each with its own assets',
  healthcheck: 'systems/<name>/system.ts has the health check',
  traefik: 'berth has an edge of its own',
  boot: 'machines of a role are released one after another',
  retain_containers: 'the former release and its images stay until another one has served',
  hooks_path: 'hooks are not run',
  aliases: '`berth run` starts jobs and commands',
  logging: "the machines' journal keeps what services say",
};
