import { plainSource, type Source } from './compose/service.ts';
import { withFacts } from './compose/sources.ts';
import { unknownVariable } from './compose/variables.ts';

/** What a person says of a product that has no Compose file */
export interface Given {
  image?: string | undefined;
  /** Path and text of its Dockerfile */
  dockerfile?: { context: string; file: string; text: string } | undefined;
  port?: number | undefined;
  database?: 'postgres' | 'mysql' | undefined;
  cache?: boolean | undefined;
  bucket?: boolean | undefined;
  /** Commands of workers */
  workers?: readonly string[];
  /** Times, as systemd's OnCalendar has them, each with a command: `*-*-* 03:00=bin/clean` */
  schedules?: readonly string[];
}

/**
 * Returns the services of a product by what a person says of it, as a Compose file would have them
 * @throws for a schedule without a command
 */
export function givenSources(given: Given): readonly Source[] {
  const application = applicationOf(given);
  const workers = (given.workers ?? []).map((command, index): Source => {
    const { ports: _, expose: __, health: ___, ...rest } = application;
    return {
      ...rest,
      ports: [],
      expose: [],
      name: `worker${index === 0 ? '' : `-${index + 1}`}`,
      command: ['sh', '-c', command],
    };
  });
  const schedules = (given.schedules ?? []).map((text, index): Source => {
    const at = text.indexOf('=');
    const [calendar, command] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    if (at < 1 || command === '')
      throw new Error(`${text} is no schedule: write a time and a command, such as "*-*-* 03:00=bin/clean"`);
    return {
      ...application,
      name: `task${index === 0 ? '' : `-${index + 1}`}`,
      command: ['sh', '-c', command],
      calendar,
    };
  });
  return [application, ...workers, ...schedules, ...partsOf(given)];
}

function applicationOf(given: Given): Source {
  const password = unknownVariable('DATABASE_PASSWORD');
  const environment: Record<string, string> = {
    ...(given.database === 'postgres' && { DATABASE_URL: `postgresql://app:${password}@database:5432/app` }),
    ...(given.database === 'mysql' && {
      ...{ DB_HOST: 'database', DB_PORT: '3306', DB_DATABASE: 'app', DB_USERNAME: 'app', DB_PASSWORD: password },
      DB_SSL_CA: '/etc/berth-tls/authority.crt',
    }),
    ...(given.cache && { REDIS_URL: 'redis://redis:6379/0' }),
    ...(given.bucket && {
      ...{ S3_ENDPOINT: 'http://store:9000', S3_BUCKET: 'uploads', S3_REGION: 'region' },
      ...{ AWS_ACCESS_KEY_ID: unknownVariable('STORE_USER'), AWS_SECRET_ACCESS_KEY: unknownVariable('STORE_PASSWORD') },
    }),
  };
  const plain: Source = {
    ...plainSource('app'),
    ...(given.image !== undefined && { image: given.image }),
    ...(given.port !== undefined && { ports: [{ target: given.port, protocol: 'tcp', loopback: false }] }),
    environment,
  };
  const { dockerfile } = given;
  if (!dockerfile) return plain;
  const { context, file, text } = dockerfile;
  return withFacts({ ...plain, build: { context, ...(file !== 'Dockerfile' && { dockerfile: file }) } }, text);
}

function partsOf({ database, cache, bucket }: Given): readonly Source[] {
  const password = unknownVariable('DATABASE_PASSWORD');
  const prefix = database === 'postgres' ? 'POSTGRES' : 'MYSQL';
  return [
    ...(database
      ? [
          {
            ...{ ...plainSource('database'), image: database },
            environment: {
              ...{ [`${prefix}_USER`]: 'app', [`${prefix}_PASSWORD`]: password },
              ...(database === 'postgres' ? { POSTGRES_DB: 'app' } : { MYSQL_DATABASE: 'app' }),
            },
          },
        ]
      : []),
    ...(cache ? [{ ...plainSource('redis'), image: 'redis' }] : []),
    ...(bucket
      ? [
          {
            ...{ ...plainSource('store'), image: 'minio/minio' },
            environment: {
              MINIO_ROOT_USER: unknownVariable('STORE_USER'),
              MINIO_ROOT_PASSWORD: unknownVariable('STORE_PASSWORD'),
            },
          },
        ]
      : []),
  ];
}
