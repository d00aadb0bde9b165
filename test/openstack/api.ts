import { z } from 'zod';

/** A login to the test's cloud, and its requests to the services that Keystone's catalog names */
export interface Api {
  /** Id of the project */
  project: string;
  get(service: Service, path: string): Promise<unknown>;
  /** Returns an answer as it is */
  text(service: Service, path: string): Promise<string>;
  send(method: 'POST' | 'PUT' | 'DELETE', service: Service, path: string, body?: object): Promise<unknown>;
}

export type Service = 'identity' | 'network' | 'compute' | 'block-storage' | 'image' | 'object-store';

export interface Login {
  user: string;
  password: string;
  /** Name of the project */
  project: string;
}

const token = z.object({
  token: z.object({
    project: z.object({ id: z.string() }),
    catalog: z.array(
      z.object({ type: z.string(), endpoints: z.array(z.object({ interface: z.string(), url: z.string() })) }),
    ),
  }),
});

export const authUrl = (address: string): string => `http://${address}:5000/v3`;

/** Logs in as a user of a project. A token is valid for a day, longer than any test. */
export async function login(address: string, { user, password, project }: Login): Promise<Api> {
  const domain = { id: 'default' };
  const response = await fetch(`${authUrl(address)}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      auth: {
        identity: { methods: ['password'], password: { user: { name: user, domain, password } } },
        scope: { project: { name: project, domain } },
      },
    }),
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok) throw new Error(`login of ${user}: ${response.status} ${await response.text()}`);
  const { token: given } = token.parse(await response.json());
  const headers = {
    'x-auth-token': response.headers.get('x-subject-token') ?? '',
    'content-type': 'application/json',
    'x-openstack-nova-api-version': '2.79',
  };
  const url = (service: Service, path: string) => {
    const endpoints = given.catalog.find(({ type }) => type === service)?.endpoints ?? [];
    const found = endpoints.find((endpoint) => endpoint.interface === 'public');
    if (!found) throw new Error(`the catalog has no ${service}`);
    return `${found.url}${path}`;
  };
  const answer = async (method: string, service: Service, path: string, body?: object): Promise<string> => {
    const signal = AbortSignal.timeout(300_000);
    const response = await fetch(url(service, path), {
      method,
      headers,
      signal,
      body: body ? JSON.stringify(body) : null,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${service} ${path}: ${response.status} ${text}`);
    return text;
  };
  const read = (text: string): unknown => (text === '' ? undefined : JSON.parse(text));
  return {
    project: given.project.id,
    get: async (service, path) => read(await answer('GET', service, path)),
    text: (service, path) => answer('GET', service, path),
    send: async (...words) => read(await answer(...words)),
  };
}

export const administrator = (address: string): Promise<Api> =>
  login(address, { user: 'admin', password: 'password', project: 'admin' });
