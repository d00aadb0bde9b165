import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { checkServerIdentity, type PeerCertificate, TLSSocket } from 'node:tls';
import type { SiteTarget } from './site.ts';

/** Answer of a site, or the reason why there is none */
export type Answer =
  | {
      kind: 'answer';
      status: number;
      body: string;
      location?: string;
      address: string;
      milliseconds: number;
      certificate?: Certificate;
    }
  | { kind: 'silence'; reason: string };

export interface Certificate {
  issuer: string;
  validUntil: Date;
  /** Issued by an authority that this computer trusts */
  trusted: boolean;
  /** Issued by the staging authority of the stack, which this computer does not trust */
  rehearses?: boolean;
  /** Issued for the site's name */
  forSite: boolean;
}

const timeoutSeconds = 10;
/** Limit of the body: a version is a single line */
const largestBytes = 10_000;

/**
 * Requests a site with any certificate: the request contains nothing secret, and the certificate is part of the result
 * @param rehearsal PEM roots of a staging authority, against which an untrusted certificate is checked
 */
export async function ask(site: SiteTarget, rehearsal?: string): Promise<Answer> {
  const answer = await answerOf(site);
  if (answer.kind === 'silence' || !answer.certificate || answer.certificate.trusted || !rehearsal) return answer;
  const again = await answerOf(site, rehearsal);
  const rehearses = again.kind === 'answer' && again.certificate?.trusted === true;
  return { ...answer, certificate: { ...answer.certificate, rehearses } };
}

async function answerOf({ url, address }: SiteTarget, roots?: string): Promise<Answer> {
  const started = performance.now();
  try {
    const response = await opened(url, address, roots);
    const { socket, statusCode = 0, headers } = response;
    const certificate = socket instanceof TLSSocket ? certificateOf(socket, url.hostname) : undefined;
    return {
      kind: 'answer',
      status: statusCode,
      address: socket.remoteAddress ?? '',
      body: await bodyOf(response),
      milliseconds: Math.round(performance.now() - started),
      ...(headers.location !== undefined && { location: headers.location }),
      ...(certificate && { certificate }),
    };
  } catch (error) {
    return { kind: 'silence', reason: reasonOf(error, `${address ?? url.hostname}:${portOf(url)}`) };
  }
}

function opened(url: URL, address?: string, roots?: string): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const options = {
      host: address ?? url.hostname,
      port: portOf(url),
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host, 'user-agent': 'berth' },
      servername: url.hostname,
      ...(roots && { ca: roots }),
      rejectUnauthorized: false,
      agent: false,
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    };
    request(options, resolve).on('error', reject).end();
  });
}

const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80));

async function bodyOf(response: IncomingMessage): Promise<string> {
  let body = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    body += chunk;
    if (body.length > largestBytes) break;
  }
  return body.slice(0, largestBytes);
}

function certificateOf(socket: TLSSocket, hostname: string): Certificate {
  const certificate: PeerCertificate = socket.getPeerCertificate();
  const { O: organization, CN: name } = certificate.issuer;
  return {
    issuer: [organization, name].filter((part) => part !== undefined).join(', '),
    validUntil: new Date(certificate.valid_to),
    trusted: socket.authorized,
    forSite: checkServerIdentity(hostname, certificate) === undefined,
  };
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no route to it',
  ETIMEDOUT: 'no answer to the connection',
  ENOTFOUND: 'the name is not in DNS',
  EAI_AGAIN: 'the name cannot be resolved from here',
  ABORT_ERR: `no answer within ${timeoutSeconds} s`,
};

function reasonOf(error: unknown, where: string): string {
  if (!(error instanceof Error)) return `${where}: ${error}`;
  const code = 'code' in error ? String(error.code) : '';
  const aborted = error.name === 'TimeoutError' || error.name === 'AbortError';
  return `${where}: ${reasons[aborted ? 'ABORT_ERR' : code] ?? error.message}`;
}
