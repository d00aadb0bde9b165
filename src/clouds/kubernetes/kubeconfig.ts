import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** How a cluster's API is reached and logged in to */
export interface ClusterLogin {
  server: string;
  /** PEM. @default the computer's own authorities */
  authority?: string;
  /** Name in the server's certificate. @default its host name */
  serverName?: string;
  /** Whether the server's certificate is not checked, as the kubeconfig has it */
  unchecked: boolean;
  token?: string;
  certificate?: string;
  key?: string;
}

const named = z.object({ name: z.string() });
const cluster = z.object({
  server: z.url(),
  'certificate-authority-data': z.string().optional(),
  'insecure-skip-tls-verify': z.boolean().default(false),
  'tls-server-name': z.string().optional(),
});
const user = z.object({
  token: z.string().optional(),
  'client-certificate-data': z.string().optional(),
  'client-key-data': z.string().optional(),
  exec: z.unknown().optional(),
  'auth-provider': z.unknown().optional(),
});
const kubeconfig = z.object({
  clusters: z.array(named.extend({ cluster })),
  users: z.array(named.extend({ user })),
  contexts: z.array(named.extend({ context: z.object({ cluster: z.string(), user: z.string() }) })),
  'current-context': z.string().default(''),
});

/**
 * Returns the login that a kubeconfig describes, or `program` where it logs in by a program of its own, which only
 * Pulumi's provider runs
 * @throws with what is wrong with it, and nothing of its text
 */
export function loginOf(text: string, context?: string): ClusterLogin | 'program' {
  const read = kubeconfig.safeParse(yamlOf(text));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new Error(`is no kubeconfig (${issue?.path.join('.') || 'the whole'}: ${issue?.message})`);
  }
  const { clusters, users, contexts, 'current-context': current } = read.data;
  const wanted = context ?? current;
  const found = contexts.find(({ name }) => name === wanted)?.context;
  if (!found) throw new Error(`has no context ${wanted}; it has ${contexts.map(({ name }) => name).join(', ')}`);
  const server = clusters.find(({ name }) => name === found.cluster)?.cluster;
  const who = users.find(({ name }) => name === found.user)?.user;
  if (!server || !who)
    throw new Error(`has no cluster ${found.cluster} or no user ${found.user}, which its context names`);
  if (who.exec ?? who['auth-provider']) return 'program';
  const certificate = decoded(who['client-certificate-data']);
  const key = decoded(who['client-key-data']);
  const authority = decoded(server['certificate-authority-data']);
  return {
    server: server.server,
    unchecked: server['insecure-skip-tls-verify'],
    ...(authority !== undefined && { authority }),
    ...(server['tls-server-name'] !== undefined && { serverName: server['tls-server-name'] }),
    ...(who.token !== undefined && { token: who.token }),
    ...(certificate !== undefined && { certificate }),
    ...(key !== undefined && { key }),
  };
}

/** Returns when the login's own certificate ends, where it has one */
export function endOf({ certificate }: ClusterLogin): Date | undefined {
  return certificate === undefined ? undefined : new Date(new X509Certificate(certificate).validTo);
}

const account = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Returns the login of the pod that berth runs in; undefined where it runs in none */
export function podLogin(): ClusterLogin | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = process.env;
  if (!host || !existsSync(`${account}/token`)) return undefined;
  const [token, authority] = ['token', 'ca.crt'].map((file) => readFileSync(`${account}/${file}`, 'utf8'));
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    unchecked: false,
    ...(token !== undefined && { token }),
    ...(authority !== undefined && { authority }),
  };
}

function yamlOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    throw new Error('is no kubeconfig: it is no YAML');
  }
}

const decoded = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : Buffer.from(text, 'base64').toString('utf8');
