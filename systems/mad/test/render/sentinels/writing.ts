import type { Container } from '../../../../../src/model/service.ts';
import { talkBeside } from '../../../../../test/e2e/beside.ts';
import { eventually } from '../../../../../test/e2e/client.ts';
import { containerName, given, serviceImage } from '../../../../../test/render/docker.ts';
import { secretVolumes } from '../../../../../test/render/secretFiles.ts';
import { type Members, service, variablesOf } from './members.ts';

export const api = (): Container => service('api', 'api');

interface Written {
  acknowledged: number;
  /** Of these, once at the end */
  lost: number;
  /** Between one and the next */
  longestGapMs: number;
}

export interface Writer {
  /** Waits for so many more acknowledged records */
  acknowledged(count: number): Promise<void>;
  end(): Promise<Written>;
}

/** Puts records as the API does, one after another, and keeps them */
const program = `const { createInterface } = require('node:readline');
const { connection, records } = require('/app/records.cjs');
const redis = connection(), clients = records(redis), ids = [], errors = {};
let last = Date.now(), longestGapMs = 0;
(async () => {
  for (let n = 0; ; n += 1) {
    try {
      await clients.put({ id: 'n' + n });
      longestGapMs = Math.max(longestGapMs, Date.now() - last);
      last = Date.now();
      // One that ends by itself would be missed for another reason: that it does not is a write like the record
      await redis.persist('client_n' + n);
      if ((await redis.wait(1, 1000)) > 0) ids.push('client_n' + n);
    } catch ({ message }) { errors[message] = (errors[message] ?? 0) + 1; }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
})();
createInterface({ input: process.stdin }).on('line', async (line) => {
  const lost = [];
  for (const id of line === 'end' ? [...ids] : []) if (!(await redis.exists(id))) lost.push(id);
  console.log(JSON.stringify({ acknowledged: ids.length, lost: lost.length, longestGapMs, errors, status: redis.status }));
});`;

/** Starts a client of the API's image that writes records until its end */
export async function writing({ facts, network }: Members): Promise<Writer> {
  const own = api();
  const image = await serviceImage(own.image);
  if (!('reference' in image)) throw new Error(image.absent);
  const files = secretVolumes(own, facts);
  const env = given(variablesOf(own, facts));
  const words = ['--user', own.user, ...files, ...env, image.reference, 'node', '-e', program];
  const writer = talkBeside(containerName('writer'), network, words);
  const asked = async (line = '') => (await writer.ask(line)) as Written;
  return {
    async acknowledged(count) {
      const wanted = (await asked()).acknowledged + count;
      const found = await eventually(
        120,
        () => asked(),
        ({ acknowledged }) => acknowledged >= wanted,
      );
      if (found.acknowledged < wanted)
        throw new Error(`${JSON.stringify(found)}, where ${wanted} records were to be there`);
    },
    async end() {
      const written = await asked('end');
      await writer.close();
      return written;
    },
  };
}
