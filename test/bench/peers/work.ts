import { createHash } from 'node:crypto';
import { parse, stringify } from 'yaml';
import type { Entries } from '../../e2e/byHand.ts';
import { releaseIn } from '../../e2e/byHand.ts';
import { type Desired, versions } from './contender.ts';

/** A file that a machine must have */
export interface WorkFile {
  path: string;
  mode: string;
  text: string;
}

/** The work that every tool is given: the files and containers that berth gives a machine of Basegun, without its own command */
export interface Work {
  /** Files of Debian and systemd */
  hostFiles: readonly WorkFile[];
  /** Files that containers read */
  configuration: readonly WorkFile[];
  /** With their owners, `user:group` */
  folders: readonly { path: string; mode: string; owner: string }[];
  compose: string;
}

/** Production images of both versions */
export const imagesOfWork: readonly string[] = [
  ...versions.flatMap((version) =>
    ['backend', 'frontend'].map((part) => `ghcr.io/datalab-mi/basegun/basegun-${part}:${version}`),
  ),
  'docker.io/library/traefik:v3.6.12',
  'docker.elastic.co/beats/filebeat-oss:7.12.1',
];

export const firewall = '/etc/berth/firewall.nft.conf';
const root = '/etc/basegun';
const frontendPort = 18_080;
const secondNetwork = '100.64.7.0/24';
/** What only berth's own engine or command needs */
const own = /sbin\/berth$|motd|berth-bridges/;

/** By what a firewall lets this computer in: its address as the machine sees it, and the port of the machine's SSH server */
export interface Access {
  gateway: string;
  sshPort: number;
}

/**
 * Returns the work for a state on a machine
 * @param entries of the bundle that berth sent to a machine of the same kind
 * @param sentTo access to that one
 */
export function workOf(entries: Entries, desired: Desired, sentTo: Access, to: Access): Work {
  const text = (path: string): string => entries[`files${path}`] ?? '';
  const files = releaseIn(entries).files;
  const hostFiles = files
    .filter(({ kind, path }) => kind === 'host' && !own.test(path))
    .map(({ path, mode }) => ({
      path,
      mode,
      text: path === firewall ? rules(text(path), desired, sentTo, to) : text(path),
    }));
  const configuration = [
    ...files
      .filter(({ kind }) => kind === 'release')
      .map(({ path, mode }) => ({
        path: path.replace(/.*\/(\w+)\/[0-9a-f]+\//, `${root}/$1/`),
        mode,
        text: text(path),
      })),
    { path: `${root}/routes/routes.yaml`, mode: '0644', text: routes(entries['routes.yaml'] ?? '') },
  ];
  const folders = [
    { path: '/var/log/basegun/backend', mode: '0750', owner: '10001:0' },
    { path: '/var/lib/basegun/filebeat', mode: '0750', owner: '10001:0' },
    { path: '/var/log/basegun/traefik', mode: '0700', owner: '10080:10080' },
    ...['frontend', 'filebeat', 'traefik', 'routes'].map((name) => ({
      path: `${root}/${name}`,
      mode: '0755',
      owner: '0:0',
    })),
    { path: '/etc/berth', mode: '0755', owner: '0:0' },
    ...['nftables.service.d', 'logrotate.timer.d'].map((name) => ({
      path: `/etc/systemd/system/${name}`,
      mode: '0755',
      owner: '0:0',
    })),
  ];
  return { hostFiles, configuration, folders, compose: compose(entries, configuration, desired) };
}

const rules = (text: string, { secondNetwork: second }: Desired, sentTo: Access, to: Access): string =>
  text
    .replaceAll(`${sentTo.gateway}/32`, `${to.gateway}/32`)
    .replaceAll(new RegExp(`\\b${sentTo.sshPort}\\b`, 'g'), `${to.sshPort}`)
    .split('\n')
    .map((line) =>
      second && line.includes('administer')
        ? line.replace(`{ ${to.gateway}/32`, `{ ${secondNetwork}, ${to.gateway}/32`)
        : line,
    )
    .join('\n');

/** The edge's routes, to one port: what berth writes the ports of its two colours into */
const routes = (text: string): string =>
  text.replaceAll('@frontend@', `${frontendPort}`).replaceAll('@generation@', '1');

type Services = Record<string, Record<string, unknown>>;

/**
 * Returns a Compose file with the containers of a bundle: the same images, limits and health checks, in one project. A
 * container whose files change is made anew, since a label names them
 */
function compose(entries: Entries, configuration: readonly WorkFile[], { version }: Desired): string {
  const services = (file: string): Services => parse(entries[file] ?? '').services;
  const { backend = {}, frontend = {} } = services('colours.yaml');
  const { filebeat = {} } = services('base.yaml');
  const { traefik = {} } = services('edge.yaml');
  const kept = (name: string, service: Record<string, unknown>, more: object) => {
    const { networks: _, ports: __, ...rest } = service;
    return { ...rest, labels: { configuration: digest(configuration, name) }, ...more };
  };
  const at = (service: Record<string, unknown>) => ({ image: String(service.image).replace(/:[^:]*$/, `:${version}`) });
  return stringify({
    name: 'basegun',
    services: {
      backend: kept('backend', backend, { ...at(backend), volumes: ['/var/log/basegun/backend:/app/logs'] }),
      frontend: kept('frontend', frontend, {
        ...at(frontend),
        ports: [`127.0.0.1:${frontendPort}:8080`],
        volumes: [`${root}/frontend:/etc/berth:ro`],
        depends_on: ['backend'],
      }),
      filebeat: kept('filebeat', filebeat, {
        volumes: [
          `${root}/filebeat:/etc/filebeat:ro`,
          '/var/log/basegun/backend:/var/log/shipped:ro',
          '/var/lib/basegun/filebeat:/var/lib/filebeat',
        ],
      }),
      traefik: kept('traefik', traefik, {
        volumes: [
          `${root}/traefik:/etc/traefik/start:ro`,
          `${root}/routes:/etc/traefik/routes:ro`,
          '/var/log/basegun/traefik:/var/log/traefik',
        ],
      }),
    },
  });
}

/** Of the files that a service reads when it starts */
const digest = (configuration: readonly WorkFile[], name: string): string =>
  createHash('sha256')
    .update(JSON.stringify(configuration.filter(({ path }) => path.startsWith(`${root}/${name}/`))))
    .digest('hex')
    .slice(0, 12);
