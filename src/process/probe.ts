/**
 * Tells why a download host cannot be used, or nothing when it answers. Any HTTP status counts as an answer.
 * @param timeoutSeconds a host that is silent behind a firewall counts as unreachable after this. @default 3
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
