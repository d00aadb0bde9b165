import { isIPv4 } from 'node:net';

const timeoutSeconds = 10;

/**
 * Returns the public IPv4 address of this computer
 * @param url of a service that answers with it as plain text
 * @throws where nothing answers, or the answer is not an IPv4 address
 */
export async function ownAddress(url: string): Promise<string> {
  const address = (await answerOf(url)).trim();
  if (isIPv4(address)) return address;
  const shown = address.length > 60 ? `${address.slice(0, 60)}…` : address;
  throw new Error(
    `${url} answered ${JSON.stringify(shown)}, which is not an IPv4 address: set BERTH_ADDRESS_URL to a URL that answers ` +
      'with the address of this computer as plain text',
  );
}

async function answerOf(url: string): Promise<string> {
  const fix = 'set BERTH_ADDRESS_URL to another URL that answers with it as plain text';
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutSeconds * 1000) });
    if (response.ok) return await response.text();
    throw new Error(`status ${response.status}`);
  } catch (error) {
    throw new Error(`${url} did not return this computer's address (${reasonOf(error)}): ${fix}`);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return `${error}`;
  if (error.name === 'TimeoutError') return `no answer within ${timeoutSeconds} s`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
