import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Content, sha256 } from './content.ts';

/** How a registry of tests behaves where one of Debian does not */
export interface Habits {
  /** `basic`: asks for the login itself; `bearer`: sends to a server of tokens, which asks for it. @default nobody is asked */
  login?: 'basic' | 'bearer';
  /** Whether it tells the digest in a header. @default true */
  tells?: boolean;
  /** Status of every answer. @default what is asked for */
  status?: number;
}

/** A registry in this process, with what it was asked */
export interface FakeRegistry {
  name: string;
  asked: readonly string[];
  /** Puts an image or signature under a tag; returns its digest */
  put(repository: string, tag: string, content: Content): string;
  /** Puts other bytes in the place of a blob */
  spoil(digest: string, bytes: Buffer): void;
}

export const login = { user: 'reader', password: 'hunter2-of-registry' };
const basic = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;

interface Answer {
  code: number;
  body?: Buffer | string | undefined;
  more?: Record<string, string>;
}

export async function fakeRegistry({ login: how, tells = true, status }: Habits = {}): Promise<FakeRegistry> {
  const manifests = new Map<string, Content>();
  const blobs = new Map<string, Buffer>();
  const asked: string[] = [];
  let name = '';
  const content = (kind: string, repository: string, reference: string): Answer => {
    if (kind === 'blobs') return { code: blobs.has(reference) ? 200 : 404, body: blobs.get(reference) };
    const found = manifests.get(`${repository}:${reference}`);
    if (!found) return { code: 404 };
    const more = tells ? { 'docker-content-digest': sha256(found.manifest) } : {};
    return { code: 200, body: found.manifest, more: { 'content-type': found.mediaType, ...more } };
  };
  const answerTo = (url: string, authorization = ''): Answer => {
    if (url.startsWith('/token?')) {
      const scope = new URLSearchParams(url.slice('/token?'.length)).get('scope');
      return authorization === basic ? { code: 200, body: JSON.stringify({ token: `for ${scope}` }) } : { code: 401 };
    }
    const [, repository = '', kind = '', reference = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(url) ?? [];
    const wanted = { basic, bearer: `Bearer for repository:${repository}:pull` };
    if (how !== undefined && authorization !== wanted[how]) {
      const challenge = how === 'basic' ? 'Basic realm="any"' : `Bearer realm="http://${name}/token",service="tests"`;
      return { code: 401, more: { 'www-authenticate': challenge } };
    }
    return status === undefined ? content(kind, repository, reference) : { code: status };
  };
  const answer = ({ url = '', method = '', headers }: IncomingMessage, response: ServerResponse): void => {
    asked.push(`${method} ${url}`);
    const { code, body, more } = answerTo(url, headers.authorization);
    response.writeHead(code, more).end(method === 'HEAD' ? undefined : body);
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  name = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ name, asked },
    put(repository, tag, content) {
      for (const bytes of content.blobs) blobs.set(sha256(bytes), bytes);
      const digest = sha256(content.manifest);
      for (const reference of [tag, digest]) manifests.set(`${repository}:${reference}`, content);
      return digest;
    },
    spoil: (digest, bytes) => void blobs.set(digest, bytes),
  };
}
