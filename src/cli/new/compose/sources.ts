import { dirname, join } from 'node:path';
import { dockerfileFacts } from '../dockerfile.ts';
import type { Finding } from '../finding.ts';
import type { RawService, ReadFile } from './document.ts';
import { type ComposeFile, readCompose } from './files.ts';
import { listOf } from './forms.ts';
import { recordOf } from './merge.ts';
import { type Source, sourceOf } from './service.ts';
import { type Variables, variablesFile } from './variables.ts';

export interface Sources {
  sources: readonly Source[];
  findings: readonly Finding[];
}

/**
 * Returns the services of Compose files, each over those before it, with the variables of `.env` and of `env_file`, what the Dockerfiles of built
 * images say, and where a proxy's own file leads to
 * @param files with paths from the folder that `read` reads from; their own paths are from the folder of the first
 */
export function composeSources(files: readonly ComposeFile[], read: ReadFile): Sources {
  const folder = dirname(files[0]?.file ?? '.');
  const near: ReadFile = (path) => read(join(folder, path));
  const variables = variablesFile(near('.env') ?? '');
  const { services } = readCompose(files, near, variables);
  const findings: Finding[] = [];
  const sources = services.map((raw) => {
    const source = sourceOf(raw, envFiles(raw, near, findings));
    return withDockerfile(source, near);
  });
  return { sources: sources.map((source) => behindProxy(source, sources, near)), findings };
}

function envFiles(raw: RawService, read: ReadFile, findings: Finding[]): Variables {
  const all = listOf(raw.data.env_file).map((entry) => {
    const path = typeof entry === 'object' ? String(recordOf(entry).path) : String(entry);
    const text = read(path);
    if (text === undefined) {
      const what = `${raw.name} has its variables from ${path}, which is not there`;
      const way = 'put the file there and start again, or write them at `env` in the environment';
      findings.push({ kind: 'left', at: raw.at('env_file'), what, way });
    }
    return variablesFile(text ?? '');
  });
  return Object.assign({}, ...all);
}

/** Returns a source with what its Dockerfile says and its file does not */
function withDockerfile(source: Source, read: ReadFile): Source {
  if (!source.build) return source;
  const { context, dockerfile = 'Dockerfile' } = source.build;
  const text = read(join(context, dockerfile));
  return text === undefined ? source : withFacts(source, text);
}

/** Returns a source with what the text of a Dockerfile says and it does not */
export function withFacts(source: Source, dockerfile: string): Source {
  const { port, user, health, stopSignal } = dockerfileFacts(dockerfile);
  // Another command of the image is another program
  const isOwn = !source.command && !source.entrypoint;
  return {
    ...source,
    ...(isOwn && port !== undefined && source.expose.length === 0 && { expose: [port] }),
    ...(user !== undefined && source.user === undefined && { user }),
    ...(isOwn && health && !source.health && { health: { command: health, deadlineSeconds: 60 } }),
    ...(stopSignal !== undefined && source.stopSignal === undefined && { stopSignal }),
  };
}

/** Returns a service with the port to which the configuration file of a proxy leads */
function behindProxy(source: Source, all: readonly Source[], read: ReadFile): Source {
  if (source.ports.length > 0 || source.expose.length > 0) return source;
  const files = all
    .flatMap(({ volumes }) => volumes)
    .filter(({ kind, target }) => kind === 'bind' && isProxyFile(target));
  const name = source.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const upstream = new RegExp(`(?:reverse_proxy|proxy_pass|server)[^\\n]*?\\b${name}:(\\d+)`);
  const [port] = files.flatMap(({ source: path }) => upstream.exec(read(path) ?? '')?.[1] ?? []);
  return port === undefined ? source : { ...source, expose: [Number(port)] };
}

const isProxyFile = (target: string): boolean => /Caddyfile$|nginx|traefik|haproxy/.test(target);
