import { existsSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

/** Error response of the docker engine, with its message */
export class DockerError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'DockerError';
    this.status = status;
  }
}

export interface Call {
  query?: Record<string, string>;
  /** Sent as JSON; a `Uint8Array` is sent unchanged, as a tar archive */
  body?: unknown;
  /** @default 60 */
  timeoutSeconds?: number;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * Calls the docker engine's HTTP API, in the engine's own version, and returns the bytes of the response. Unlike the
 * command line, it shows no secrets in the process list, and errors have a status.
 */
export async function dockerBytes(method: Method, path: string, call: Call = {}): Promise<Buffer> {
  const timeoutSeconds = call.timeoutSeconds ?? 60;
  const socketPath = engineSocket();
  try {
    const response = await send(socketPath, method, path, call, AbortSignal.timeout(timeoutSeconds * 1000));
    const answer = await buffer(response);
    const status = response.statusCode ?? 0;
    if (status < 400) return answer;
    throw new DockerError(status, reason(answer.toString()));
  } catch (error) {
    if (error instanceof DockerError || !(error instanceof Error)) throw error;
    if (error.name === 'AbortError' || error.name === 'TimeoutError') {
      throw new Error(`the docker engine did not answer ${method} ${path} within ${timeoutSeconds} s`);
    }
    const code = 'code' in error ? String(error.code) : error.message;
    throw new Error(
      `the docker engine does not answer at ${socketPath} (${code}): start docker, or name its socket in DOCKER_HOST=unix://…`,
    );
  }
}

/** As {@link dockerBytes}, but returns text */
export async function docker(method: Method, path: string, call: Call = {}): Promise<string> {
  return (await dockerBytes(method, path, call)).toString();
}

/** As {@link docker}, but returns `undefined` if there is nothing of that name */
export async function dockerIfAny(...call: Parameters<typeof docker>): Promise<string | undefined> {
  try {
    return await docker(...call);
  } catch (error) {
    if (error instanceof DockerError && error.status === 404) return undefined;
    throw error;
  }
}

function send(socketPath: string, method: string, path: string, call: Call, signal: AbortSignal) {
  const archive = call.body instanceof Uint8Array;
  const payload = archive ? call.body : call.body === undefined ? undefined : JSON.stringify(call.body);
  const query = call.query ? `?${new URLSearchParams(call.query)}` : '';
  const headers = payload === undefined ? {} : { 'content-type': archive ? 'application/x-tar' : 'application/json' };
  return new Promise<IncomingMessage>((resolve, reject) => {
    request({ socketPath, method, path: path + query, headers, signal }, resolve)
      .on('error', reject)
      .end(payload);
  });
}

function engineSocket(): string {
  const host = process.env.DOCKER_HOST;
  if (host?.startsWith('unix://')) return host.slice('unix://'.length);
  if (host)
    throw new Error(
      `DOCKER_HOST is ${host}; local machines need an engine on this machine: unix:///path/to/docker.sock`,
    );
  const places = [
    '/var/run/docker.sock',
    join(process.env.XDG_RUNTIME_DIR ?? '/run', 'docker.sock'),
    join(homedir(), '.docker/run/docker.sock'),
  ];
  return places.find((place) => existsSync(place)) ?? '/var/run/docker.sock';
}

function reason(answer: string): string {
  try {
    const { message } = JSON.parse(answer);
    return String(message).trim();
  } catch {
    return answer.trim() || 'no reason given';
  }
}
