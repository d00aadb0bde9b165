import { recordOf } from '../../new/compose/merge.ts';
import type { Finding } from '../../new/finding.ts';
import type { Files } from '../files.ts';
import type { Found } from '../found.ts';
import { isComputed, type KamalConfig, kamalConfig, textsOf } from './config.ts';
import { serversOf } from './servers.ts';
import { kamalFindings, kamalSettings } from './settings.ts';

/** Returns the machines of Kamal's configuration and what it says of the application */
export function kamalFound(paths: readonly string[], files: Files): Found {
  const config = kamalConfig(paths, files);
  if (config.findings.length > 0) return { hosts: [], settings: [], registries: {}, findings: config.findings };
  const { hosts, others, findings } = serversOf(config);
  const login = registryOf(config);
  return {
    hosts: [...hosts, ...others],
    settings: kamalSettings(config, hosts),
    registries: login.registries,
    start: startOf(config),
    findings: [...findings, ...login.findings, ...kamalFindings(config)],
  };
}

function registryOf({ data, at }: KamalConfig): { registries: Found['registries']; findings: readonly Finding[] } {
  const { server = 'docker.io', username } = recordOf(data.registry);
  if (data.registry === undefined) return { registries: {}, findings: [] };
  const name = `${server}`.replace(/^[a-z]+:\/\//, '').split('/')[0] ?? '';
  // Kamal's own registry on the computer that builds
  if (/^localhost(?::|$)/.test(name)) return { registries: {}, findings: [] };
  if (typeof username === 'string' && !isComputed(username)) return { registries: { [name]: username }, findings: [] };
  const what = `the user of registry ${name} is ${username === undefined ? 'not said' : 'a secret'}`;
  const way = `write registries: { ${name}: { user: …, password: { secret: registryPassword } } } into the entry`;
  return { registries: {}, findings: [{ kind: 'left', at: at('registry'), what, way }] };
}

/** The command that writes a system of such a product */
function startOf({ data }: KamalConfig): string {
  const proxy = recordOf(data.proxy);
  const { path } = recordOf(proxy.healthcheck);
  const words = [
    `npx berth new ${`${data.service ?? 'shop'}`.toLowerCase().replace(/[^a-z0-9-]+/g, '-')}`,
    `--image ${data.image ?? data.service}:<version>`,
    `--port ${proxy.app_port ?? 80}`,
    `--health ${path ?? '/up'}`,
    ...databases(data),
  ];
  return words.join(' ');
}

function databases({ accessories }: Readonly<Record<string, unknown>>): readonly string[] {
  const images = Object.values(recordOf(accessories)).flatMap((body) => textsOf(recordOf(body).image));
  const has = (pattern: RegExp): boolean => images.some((image) => pattern.test(image));
  return [
    ...(has(/(?:mysql|mariadb)/) ? ['--database mysql'] : has(/postg/) ? ['--database postgres'] : []),
    ...(has(/(?:redis|valkey)/) ? ['--cache'] : []),
  ];
}
