/** Returns whether a URL responds with success within two seconds */
export async function answers(url: string, init: RequestInit = {}): Promise<boolean> {
  return (await httpStatus(url, init)) < 300;
}

/** Returns the status of the response; 599 if there is none within two seconds */
export async function httpStatus(url: string, init: RequestInit = {}): Promise<number> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 599;
  }
}
