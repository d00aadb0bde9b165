import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parsedReference, type Reference } from './reference.ts';

/** A user of a registry with the password, or a token in its place */
export interface RegistryUser {
  user: string;
  password: string;
}

/** Gives the login at a registry, where there is one; asked once a registry refuses what anybody may ask */
export type LoginAt = (registry: string) => Promise<RegistryUser | undefined>;

/** Reads images' manifests from their registries (the HTTP API that all of them have) */
export interface Registries {
  /**
   * Returns the digest that an image's tag has now: that of the index, where the image is made for several kinds of processor
   * @throws where the registry does not have it, refuses it or does not answer
   */
  digest(image: string): Promise<string>;
  /** Returns a manifest as JSON; undefined where the registry does not have it */
  manifest(image: string): Promise<unknown>;
  /** Returns a blob of an image's repository, whose content has this digest */
  blob(image: string, digest: string): Promise<Buffer>;
}

const timeoutSeconds = 30;
/** More than any manifest or payload has */
const mostBytes = 4 * 1024 * 1024;

const manifests = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

export function registries(loginAt: LoginAt): Registries {
  const tokens = new Map<string, string>();
  const ask = async (at: Reference, path: string, method = 'GET'): Promise<Response> => {
    const headers = (authorization?: string) => ({
      accept: manifests,
      ...(authorization !== undefined && { authorization }),
    });
    const key = `${at.registry}/${at.repository}`;
    const first = await fetched(`${at.url}${path}`, { method, headers: headers(tokens.get(key)) });
    if (first.status !== 401) return first;
    const authorization = await authorized(at, first.headers.get('www-authenticate') ?? '', loginAt);
    if (authorization === undefined) return first;
    tokens.set(key, authorization);
    return fetched(`${at.url}${path}`, { method, headers: headers(authorization) });
  };
  const manifestOf = async (image: string, method?: string) => {
    const at = parsedReference(image);
    const answer = await ask(at, `/manifests/${at.name}`, method);
    if (answer.status !== 404) await refuse(answer, image, at.registry, loginAt);
    return answer;
  };
  return {
    async digest(image) {
      // Docker Hub counts what is read against its limits, and not what is only asked for
      const head = await manifestOf(image, 'HEAD');
      if (head.status === 404) throw new Error(`${image}: its registry does not have it`);
      const told = head.headers.get('docker-content-digest');
      return told !== null && /^sha256:[0-9a-f]{64}$/.test(told)
        ? told
        : digestOfBytes(await bytesOf(await manifestOf(image)));
    },
    async manifest(image) {
      const answer = await manifestOf(image);
      return answer.status === 404 ? undefined : JSON.parse((await bytesOf(answer)).toString('utf8'));
    },
    async blob(image, digest) {
      const at = parsedReference(image);
      const answer = await ask(at, `/blobs/${digest}`);
      await refuse(answer, `${image}: its ${digest}`, at.registry, loginAt);
      const bytes = await bytesOf(answer);
      if (digestOfBytes(bytes) !== digest) throw new Error(`${image}: its registry has another content for ${digest}`);
      return bytes;
    },
  };
}

export const digestOfBytes = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

async function bytesOf(answer: Response): Promise<Buffer> {
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (bytes.length > mostBytes) throw new Error(`${answer.url} has ${bytes.length} bytes: that is no manifest`);
  return bytes;
}

async function fetched(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...request, signal: AbortSignal.timeout(timeoutSeconds * 1000) });
  } catch (error) {
    const { cause, message } = error instanceof Error ? error : new Error(String(error));
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : message;
    throw new Error(`the registry ${new URL(url).host} does not answer: ${why}`);
  }
}

const token = z.union([
  z.object({ token: z.string() }).transform((told) => told.token),
  z.object({ access_token: z.string() }).transform((told) => told.access_token),
]);

/** Returns the header that answers a registry's challenge; undefined where it asks for a login and there is none */
async function authorized(at: Reference, challenge: string, loginAt: LoginAt): Promise<string | undefined> {
  const login = await loginAt(at.registry);
  const basic = login && `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
  if (/^basic\b/i.test(challenge)) return basic;
  const { realm, service } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  if (!/^bearer\b/i.test(challenge) || realm === undefined) return undefined;
  const url = new URL(realm);
  if (url.protocol !== 'https:' && at.url.startsWith('https:'))
    throw new Error(`the registry ${at.registry} wants its login sent in the clear, to ${realm}: it is sent nowhere`);
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', `repository:${at.repository}:pull`);
  const answer = await fetched(url.href, { headers: basic === undefined ? {} : { authorization: basic } });
  const told = answer.ok ? token.safeParse(await answer.json()).data : undefined;
  return told === undefined ? undefined : `Bearer ${told}`;
}

/** @throws for an answer that is not the wanted content, with what helps */
async function refuse({ ok, status }: Response, what: string, registry: string, loginAt: LoginAt): Promise<void> {
  if (ok) return;
  const login = await loginAt(registry);
  if (status === 401 || status === 403) {
    const advice =
      login === undefined
        ? `there is no login for it: add one for ${registry} under registries: in the environment file`
        : `set the password of ${login.user} in registries: again, or choose another user`;
    throw new Error(`${what}: the registry ${registry} refuses it (${status}); ${advice}`);
  }
  const later = status === 429 ? '; it allows no more requests for now: try again later' : '';
  throw new Error(`${what}: the registry ${registry} answers ${status}${later}`);
}
