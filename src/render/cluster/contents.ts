import { basename, dirname } from 'node:path';
import type { Container } from '../../model/service.ts';
import { variablesOf } from '../../model/service.ts';
import { needsOf, resolve, type Value } from '../../model/value.ts';
import { configText } from '../definition.ts';
import { shortHash } from '../hash.ts';
import { type ClusterInput, item } from './input.ts';
import type { Item } from './manifest.ts';

/** What a container gets from the environment file: its variables and files, and the objects that hold them */
export interface Contents {
  env: readonly object[];
  mounts: readonly object[];
  volumes: readonly object[];
  items: readonly Item[];
}

type Configured = Pick<Container, 'env' | 'settings' | 'config' | 'secretFiles' | 'wholeMachine' | 'memoryMb'>;

/**
 * Returns variables and files of a container. What names a secret is in a Secret, files are in a ConfigMap, both named
 * by what they hold: a change starts new pods, and the former ones find theirs.
 */
export function contentsOf(input: ClusterInput, role: string, name: string, service: Configured): Contents {
  const known = (value: Value) => resolve(value, input.facts, input.secrets);
  const variables = Object.entries(variablesOf(service));
  const plain = variables.filter(([, value]) => !isSecret(input, value));
  const sealed = variables.filter(([, value]) => isSecret(input, value));
  const files = Object.entries(service.secretFiles ?? {}).map(([path, value], index) => ({
    ...{ path, value, key: `file-${index}` },
  }));
  const folder = service.config?.path;
  const texts = Object.entries(service.config?.files ?? {}).map(([file, text]) => [file, configText(text, input)]);
  const config = texts.length > 0 ? named(input, 'ConfigMap', role, name, { data: Object.fromEntries(texts) }) : [];
  const secretTexts = Object.fromEntries([
    ...sealed.map(([variable, value]) => [variable, known(value)]),
    ...files.map(({ key, value }) => [key, known(value)]),
  ]);
  const secret =
    Object.keys(secretTexts).length > 0 ? named(input, 'Secret', role, name, { stringData: secretTexts }) : [];
  const [configName, secretName] = [config, secret].map(([one]) => one?.manifest.metadata.name ?? '');
  // No file can be mounted into a folder that is read-only: secret files of the configuration's folder come with it
  const [within, apart] = [files.filter(isIn(folder)), files.filter((file) => !isIn(folder)(file))];
  const open = config.length > 0 ? [{ configMap: { name: configName } }] : [];
  const items = within.map(({ key, path }) => ({ key, path: basename(path), mode: ownersOnly }));
  const closed = items.length > 0 ? [{ secret: { name: secretName, items } }] : [];
  return {
    env: [
      ...plain.map(([variable, value]) => ({ name: variable, value: literal(known(value)) })),
      ...sealed.map(([variable]) => ({
        name: variable,
        valueFrom: { secretKeyRef: { name: secretName, key: variable } },
      })),
      ...(service.wholeMachine ? [{ name: 'MACHINE_MEMORY_MB', value: `${service.memoryMb}` }] : []),
    ],
    mounts: [
      ...(folder === undefined ? [] : [{ name: `${name}-config`, mountPath: folder, readOnly: true }]),
      ...apart.map(({ path, key }) => ({
        ...{ name: `${name}-secret`, mountPath: path, subPath: key, readOnly: true },
      })),
    ],
    volumes: [
      ...(folder === undefined ? [] : [{ name: `${name}-config`, projected: { sources: [...open, ...closed] } }]),
      ...(apart.length > 0 ? [{ name: `${name}-secret`, secret: { secretName, defaultMode: ownersOnly } }] : []),
    ],
    items: [...config, ...secret],
  };
}

/** Mode 0440: the file belongs to root and to the group of the pod */
const ownersOnly = 0o440;

/** A cluster replaces `$(NAME)` by a variable; two dollars are one */
export const literal = (text: string): string => text.replace(/\$(?=[$(])/g, '$$$$');

const isIn =
  (folder: string | undefined) =>
  ({ path }: { path: string }): boolean =>
    dirname(path) === folder;

/** Whether a value contains a secret, or a secret fact of the cloud */
export function isSecret({ secretFacts }: Pick<ClusterInput, 'secretFacts'>, value: Value): boolean {
  const { refs, secrets } = needsOf(value);
  return secrets.length > 0 || refs.some((ref) => secretFacts.includes(ref));
}

function named(
  input: ClusterInput,
  kind: 'ConfigMap' | 'Secret',
  role: string,
  name: string,
  fields: Readonly<Record<string, unknown>>,
): readonly [Item] {
  const hash = shortHash(JSON.stringify(fields));
  const own = `${role}-${name}`;
  return [item(input, kind, `${own}-${hash}`, { immutable: true, ...fields }, { key: own, role, holds: 'content' })];
}
