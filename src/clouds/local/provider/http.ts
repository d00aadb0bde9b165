/** Whether something answers there with a success, within two seconds. */
export async function answers(url: string, init: RequestInit = {}): Promise<boolean> {
  return (await statusOf(url, init)) < 300;
}

/** The status of the answer; 599 when there is none within two seconds. */
export async function statusOf(url: string, init: RequestInit = {}): Promise<number> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 599;
  }
}
