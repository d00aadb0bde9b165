/** What an image is to a system */
export type Kind = 'application' | 'mysql' | 'postgres' | 'cache' | 'objectStore' | 'proxy' | 'tool' | 'watcher';

/** What is known of an image that its Compose file does not say */
export interface Known {
  kind: Kind;
  /** `uid:gid` that it runs as */
  user?: string;
  /** Port that it answers on */
  port?: number;
  /** Path that answers 2xx once it is ready */
  healthPath?: string;
  /** Variables that it needs to run without root, on a read-only file system, or to a database by TLS */
  environment?: Readonly<Record<string, string>>;
}

const apache = { APACHE_RUN_DIR: '/tmp', APACHE_LOCK_DIR: '/tmp', APACHE_PID_FILE: '/tmp/apache2.pid' };

/** By the image's name without registry and tag; the first that fits counts */
const table: readonly (readonly [RegExp, Known])[] = [
  [/(^|\/)(mysql|mariadb|percona)(-server)?$/, { kind: 'mysql' }],
  [/(^|\/)(postgres|postgresql|postgis|pgvector|timescaledb)$/, { kind: 'postgres' }],
  [/(^|\/)(redis|valkey|keydb|dragonfly|redis-stack-server)$/, { kind: 'cache' }],
  [/(^|\/)minio$/, { kind: 'objectStore' }],
  [/(^|\/)(caddy|traefik|nginx-proxy|nginx-proxy-manager|haproxy|swag)$/, { kind: 'proxy' }],
  [/(^|\/)(nginx-proxy-)?acme-companion$|letsencrypt-nginx-proxy-companion$|certbot$/, { kind: 'proxy' }],
  [/(^|\/)(adminer|phpmyadmin|pgadmin4|redis-commander|redisinsight|mailhog|mailpit|mc)$/, { kind: 'tool' }],
  [/(^|\/)(watchtower|autoheal|portainer|portainer-ce|dozzle|ouroboros|diun)$/, { kind: 'watcher' }],
  [
    /(^|\/)wordpress$/,
    {
      ...({ kind: 'application', user: '33:33', port: 80, healthPath: '/wp-includes/images/blank.gif' } as const),
      environment: { ...apache, WORDPRESS_CONFIG_EXTRA: "define('MYSQL_CLIENT_FLAGS', MYSQLI_CLIENT_SSL);" },
    },
  ],
  [
    /(^|\/)nextcloud$/,
    { kind: 'application', user: '33:33', port: 80, healthPath: '/status.php', environment: apache },
  ],
  [/(^|\/)ghost$/, { kind: 'application', user: '1000:1000', port: 2368, healthPath: '/ghost/api/admin/site/' }],
  [/(^|\/)n8n$/, { kind: 'application', user: '1000:1000', port: 5678, healthPath: '/healthz' }],
  [/(^|\/)umami$/, { kind: 'application', user: '1001:65533', port: 3000, healthPath: '/api/heartbeat' }],
  [/(^|\/)(mongo|rabbitmq)$/, { kind: 'application', user: '999:999' }],
  [/(^|\/)memcached$/, { kind: 'application', user: '11211:11211', port: 11211 }],
];

/** Returns what is known of an image, or of one that is not known */
export function knownImage(image: string | undefined): Known {
  const name = nameOf(image ?? '');
  return table.find(([pattern]) => pattern.test(name))?.[1] ?? { kind: 'application' };
}

const nameOf = (image: string): string => image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');

/** Ports of protocols other than HTTP, which an edge does not lead to */
export const otherProtocols: ReadonlySet<number> = new Set([
  ...[21, 22, 25, 53, 110, 143, 389, 465, 587, 636, 993, 995, 1883, 1935, 3306, 5432, 5672, 6379, 8883, 9092],
  ...[11_211, 27_017],
]);

/** An image by its parts: `docker.io/library/` is added where Docker adds it */
export interface ImageName {
  name: string;
  /** What comes before the version in its tag, the version, and what comes after; undefined where the tag moves */
  pinned?: { prefix: string; version: string };
  digest?: string;
  tag?: string;
}

/** Returns the parts of an image's reference */
export function imageName(reference: string): ImageName {
  const [named = '', digest] = reference.split('@');
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const short = colon === -1 ? named : named.slice(0, colon);
  const tag = colon === -1 ? undefined : named.slice(colon + 1);
  const first = short.split('/')[0] ?? '';
  const hasRegistry = short.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  const name = hasRegistry ? short : `docker.io/${short.includes('/') ? short : `library/${short}`}`;
  const [, prefix = '', version] =
    /^(|.*[^0-9.v])(v?\d+\.\d+\.\d+(?:-[0-9A-Za-z][0-9A-Za-z.-]*)?|[0-9a-f]{40})$/.exec(tag ?? '') ?? [];
  return {
    name,
    ...(version !== undefined && { pinned: { prefix, version } }),
    ...(digest !== undefined && { digest }),
    ...(tag !== undefined && { tag }),
  };
}
