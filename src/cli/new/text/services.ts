import type { Draft, DraftJob, DraftService, DraftValue } from '../draft.ts';
import { authorityFile } from '../meaning.ts';
import { camel } from '../names.ts';
import { callsDatabase } from '../services.ts';
import { around, type Code, list, object, quoted } from './print.ts';
import { constant, environmentCode, type Imports } from './values.ts';

/** Names in the blueprint that a service's constant may not have */
const taken = [
  'version',
  'domain',
  'contact',
  'web',
  'database',
  'env',
  'uploads',
  'site',
  'tls',
  'image',
  'shared',
  'text',
  'ref',
  'secret',
  'container',
  'machines',
  'runs',
  'fields',
  'assemble',
];

/** Returns the name of a service's constant */
export function constantOf(service: string, draft: Pick<Draft, 'caches'>): string {
  const name = camel(service);
  const caches = draft.caches.map((cache) => camel(cache.name));
  return [...taken, ...caches].includes(name) ||
    /^(new|case|class|default|delete|do|else|enum|export|for|function|if|import|in|return|static|switch|this|throw|try|typeof|var|void|while|with|yield|let|package|private|public|protected|interface)$/.test(
      name,
    )
    ? `${name}Service`
    : name;
}

/** Variables that several services have alike: a constant of their own if they are more than two */
export function sharedVariables({ services, jobs }: Draft): Readonly<Record<string, DraftValue>> {
  const all = [...services, ...jobs.map(({ service }) => service)].filter(({ env }) => Object.keys(env).length > 0);
  const [first, ...rest] = all;
  if (!first || rest.length === 0) return {};
  const alike = Object.entries(first.env).filter(([name, value]) =>
    rest.every(({ env }) => JSON.stringify(env[name]) === JSON.stringify(value)),
  );
  return alike.length > 2 ? Object.fromEntries(alike) : {};
}

/** Returns the constants of a system's services */
export function serviceConstants(draft: Draft, imports: Imports): readonly Code[] {
  const shared = sharedVariables(draft);
  const isShared = Object.keys(shared).length > 0;
  if (isShared) imports.add('type Value');
  return [
    ...(isShared ? [constant('shared', environmentCode(shared, imports), 'Record<string, Value>')] : []),
    ...draft.services.map((service) => serviceConstant(service, draft, shared, imports)),
  ];
}

function serviceConstant(
  service: DraftService,
  draft: Draft,
  shared: Readonly<Record<string, DraftValue>>,
  imports: Imports,
): Code {
  const name = constantOf(service.name, draft);
  const health = service.healthCommand && list(service.healthCommand.map(quoted));
  const common = commonFields(service, draft, shared, imports);
  if (service.healthPath !== undefined) {
    imports.add('container');
    return constant(
      name,
      around(
        'container(',
        object({
          ...{ name: quoted(service.name), ...common, port: `${service.port}`, healthPath: quoted(service.healthPath) },
          healthCommand: health,
          deadlineSeconds: service.deadlineSeconds === undefined ? undefined : `${service.deadlineSeconds}`,
          rollout: service.rollout === 'replace' ? "'replace'" : undefined,
        }),
        ')',
      ),
    );
  }
  imports.add('type Container');
  return constant(
    name,
    object({
      ...{ kind: "'container'", name: quoted(service.name), ...withDefaults(common) },
      port: service.port === undefined ? undefined : `${service.port}`,
      rollout: quoted(service.rollout),
      health: health && object({ command: health, deadlineSeconds: `${service.deadlineSeconds ?? 60}` }),
    }),
    'Container',
  );
}

/** Fields that `container` has defaults for */
const withDefaults = (fields: Readonly<Record<string, Code | undefined>>) => ({
  ...fields,
  ...{ env: fields.env ?? '{}', calls: fields.calls ?? '[]', mounts: fields.mounts ?? '[]' },
  ...{ cpus: fields.cpus ?? '1', stopSeconds: fields.stopSeconds ?? '30' },
});

function commonFields(
  service: DraftService,
  draft: Draft,
  shared: Readonly<Record<string, DraftValue>>,
  imports: Imports,
): Readonly<Record<string, Code | undefined>> {
  const own = Object.entries(service.env);
  const spread = own.length > 0 && Object.keys(shared).length > 0;
  const env = Object.fromEntries(own.filter(([name]) => !spread || !(name in shared)));
  return {
    image: 'prefix' in service.image ? `\`${service.image.prefix}\${version}\`` : quoted(service.image.text),
    entrypoint: service.entrypoint === undefined ? undefined : quoted(service.entrypoint),
    command: service.command && list(service.command.map(quoted)),
    env: own.length === 0 ? undefined : environmentCode(env, imports, spread ? ['shared'] : []),
    settings: 'env',
    calls: service.calls.length === 0 ? undefined : list(service.calls.map(quoted)),
    secretFiles: secretFiles(service, draft, imports),
    mounts:
      service.mounts.length === 0 ? undefined : list(service.mounts.map((mount) => mountCode(mount, service, draft))),
    memoryMb: `${service.memoryMb}`,
    cpus: service.cpus === undefined ? undefined : `${service.cpus}`,
    user: quoted(service.user),
    stopSeconds: service.stopSeconds === undefined ? undefined : `${service.stopSeconds}`,
    stopSignal: service.stopSignal === undefined ? undefined : quoted(service.stopSignal),
  };
}

function secretFiles(service: DraftService, draft: Draft, imports: Imports): Code | undefined {
  const files = Object.entries(service.secretFiles).map(([path, secret]) => {
    imports.add('secret');
    return [path, `secret(${quoted(secret)})`];
  });
  if (draft.database && callsDatabase(service)) {
    imports.add('authorityOf');
    files.push([authorityFile, "authorityOf('database')"]);
  }
  return files.length === 0 ? undefined : object(Object.fromEntries(files));
}

/** The first service that writes to a folder owns it */
function mountCode(
  { name, path, readOnly }: DraftService['mounts'][number],
  service: DraftService,
  draft: Draft,
): Code {
  const writers = draft.services.filter(({ mounts }) => mounts.some((one) => one.name === name && !one.readOnly));
  const owner = writers[0] === service ? quoted(service.user) : undefined;
  return object({
    ...{ kind: "'data'", name: quoted(name), path: quoted(path), readOnly: `${readOnly}`, perRelease: 'false', owner },
  });
}

/** Returns a job of a system, whose one step is the service with its own command */
export function jobCode({ name, when, service }: DraftJob, draft: Draft, imports: Imports): Code {
  const fields = withDefaults(commonFields(service, draft, sharedVariables(draft), imports));
  const isRelease = when === 'release';
  return object({
    name: quoted(name),
    when: isRelease ? object({ release: 'true' }) : object({ calendar: quoted(when.calendar), zone: "'Etc/UTC'" }),
    steps: list([object(fields)]),
    deadlineSeconds: '1800',
    onceAcrossMachines: 'true',
  });
}
