import { atRate } from './atRate.ts';
import { type Client, picture } from './client.ts';

export interface LoadResult {
  requests: number;
  failures: string[];
  /** Versions that answered, in the order of their first answers */
  versions: string[];
  /** 99th percentile of response times, in milliseconds */
  p99Milliseconds: number;
  /** The longest time without a good answer while others failed, in seconds; 0 where none failed */
  downSeconds: number;
}

/**
 * Sends requests at a fixed rate until stopped: the version, the page, and as every tenth an upload of a picture, where the
 * client can send one
 */
export function load(client: Visitor, perSecond: number): { stop(): Promise<LoadResult> } {
  const kind = (number: number): Kind =>
    client.post && number % 10 === 9 ? 'picture' : number % 3 === 0 ? 'version' : 'page';
  const failures: string[] = [];
  const versions: string[] = [];
  const times: number[] = [];
  let [good, failedSince, downMilliseconds] = [performance.now(), 0, 0];
  const answered = (): void => {
    if (failures.length > failedSince) downMilliseconds = Math.max(downMilliseconds, performance.now() - good);
    [good, failedSince] = [performance.now(), failures.length];
  };
  const traffic = atRate(perSecond, async (number) => {
    const began = performance.now();
    try {
      const answer = await ask(client, kind(number));
      if (answer.status !== 200)
        failures.push(`request ${number}: status ${answer.status} ${answer.body.slice(0, 400)}`);
      else {
        answered();
        if (kind(number) === 'version' && !versions.includes(answer.body)) versions.push(answer.body);
      }
    } catch (error) {
      failures.push(`request ${number}: ${error instanceof Error ? error.message : error}`);
    }
    times.push(performance.now() - began);
  });
  return {
    async stop() {
      const requests = await traffic.stop();
      answered();
      const sorted = times.sort((a, b) => a - b);
      return {
        ...{ requests, failures, versions, downSeconds: downMilliseconds / 1000 },
        p99Milliseconds: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
      };
    },
  };
}

type Visitor = Pick<Client, 'get'> & Partial<Pick<Client, 'post'>>;
type Kind = 'picture' | 'version' | 'page';

const ask = (client: Visitor, kind: Kind) => {
  if (client.post && kind === 'picture') return client.post('/api/upload', { name: 'photo.bmp', data: picture() });
  return client.get(kind === 'version' ? '/api/version' : '/');
};
