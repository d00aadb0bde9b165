/**
 * Returns the reason why a host can't be reached; `undefined` if it answers with any HTTP status
 * @param timeoutSeconds time after which a host that does not answer counts as unreachable. @default 3
 */
export async function unreachable(url: string, timeoutSeconds = 3): Promise<string | undefined> {
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(timeoutSeconds * 1000) });
    return undefined;
  } catch (error) {
    return `${new URL(url).host} cannot be reached (${reasonOf(error)})`;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
}
