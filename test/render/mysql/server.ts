import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type TestContext } from 'vitest';
import type { Container } from '../../../src/model/service.ts';
import { mysql } from '../../../src/parts/mysql.ts';
import { fileText } from '../../../src/render/template.ts';
import {
  type Answer,
  containerName,
  docker,
  figuresOf,
  folderOf,
  given,
  type Image,
  least,
  ownContainer,
  required,
  serviceImage,
  untilHealthy,
} from '../docker.ts';
import { type Certified, certified, secretVolumes } from '../secretFiles.ts';

// A real server, started and asked by the part's own commands, with the rights that a release gives it.

const part = mysql({
  ...{ role: 'database', calledBy: 'web', database: 'shop', user: 'clerk', memoryMb: 512 },
  ...{ password: 'clerkPassword', rootPassword: 'rootPassword', exporterPassword: 'lookingPassword' },
});
export const [server, exporter] = (part.roles?.database?.services ?? []) as unknown as readonly [Container, Container];

export const password = 'a clerk, by "$HOME"';
export const name = containerName('mysql');
const folder = folderOf({});
const kept = server.mounts.flatMap((mount) => ('name' in mount ? [mount] : []));
const configVolume = ({ config }: Container): string[] => {
  const files = Object.entries(config?.files ?? {}).map(([file, one]): [string, string] => [
    file,
    'template' in one ? fileText(one.template) : 'text' in one && typeof one.text === 'string' ? one.text : '',
  ]);
  return config ? ['--volume', `${folderOf(Object.fromEntries(files))}:${config.path}:ro`] : [];
};

let images: readonly Image[];
export let certificates: Certified;
export async function prepare(): Promise<void> {
  [images, certificates] = await Promise.all([
    Promise.all([serviceImage(server.image), serviceImage(exporter.image)]),
    certified('mysql'),
  ]);
  for (const { name: place } of kept) {
    mkdirSync(join(folder, place));
    chownSync(join(folder, place), 999, 999);
  }
  chmodSync(folder, 0o755);
}
export const tidy = () => docker('rm', '--force', '--volumes', name);

/** Brings the server up, once it is as healthy as its health check says */
export async function up(context: TestContext): Promise<void> {
  const image = required(images[0] as Image, context);
  const env = {
    ...{ MYSQL_DATABASE: 'shop', MYSQL_USER: 'clerk', MYSQL_PASSWORD: password, MYSQL_SERIES: '8.0' },
    ...{ MYSQL_ROOT_PASSWORD: 'root', MYSQL_ROOT_HOST: 'localhost', EXPORTER_PASSWORD: 'look' },
  };
  const mounts = kept.flatMap((mount) => ['--volume', `${join(folder, mount.name)}:${mount.path}`]);
  const made = await docker(
    ...['run', '--detach', '--network', 'none', '--memory', '1g', ...ownContainer('mysql'), ...least],
    ...['--user', server.user, ...given(env), ...mounts, ...configVolume(server)],
    ...[...secretVolumes(server, certificates.facts), image, ...(server.command ?? [])],
  );
  expect(made.code, made.output).toBe(0);
  await untilHealthy(name, server.health?.command, 120);
}

/** The image's client over the network, as the application's user */
export const login = (...words: string[]): Promise<Answer> =>
  docker(
    ...['exec', '--env', `MYSQL_PWD=${password}`, name, 'mysql', '--host', '127.0.0.1', '--user', 'clerk', ...words],
    ...['--batch', '--skip-column-names', '--execute', "SHOW STATUS LIKE 'Ssl_version'", 'shop'],
  );

/** How this client is told to use no TLS: MySQL's and MariaDB's differ */
export const withoutTls = async (): Promise<string> =>
  (await docker('exec', name, 'mysql', '--help')).output.includes('--ssl-mode') ? '--ssl-mode=DISABLED' : '--skip-ssl';

/** What an exporter beside the server tells, by the authority that it trusts */
export async function exporterFigures(context: TestContext, authority: string): Promise<string> {
  const facts = { 'certificates.database.authority': authority };
  const command = (exporter.command ?? []).map((word) => word.replace('address=mysql:', 'address=127.0.0.1:'));
  const beside = containerName('mysqld-exporter');
  await docker(
    ...['run', '--detach', ...ownContainer('mysqld-exporter'), ...least, '--network', `container:${name}`],
    ...['--user', exporter.user, '--env', 'MYSQLD_EXPORTER_PASSWORD=look', ...configVolume(exporter)],
    ...[...secretVolumes(exporter, facts), required(images[1] as Image, context), ...command],
  );
  return figuresOf(beside, 9104, /^mysql_up \d$/m);
}
