import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Captured } from '../../../src/process/captured.ts';
import { berthOn } from '../berth.ts';
import { drift, traces } from '../drift.ts';
import type { LoadResult } from '../load.ts';
import { inMachine, type TestStack } from '../stack.ts';

interface Scene {
  stack: TestStack;
  /** Lists containers with name, id, state and start */
  containers(): Promise<string>;
  /** Sends requests during a change and returns their result */
  underLoad(change: () => Promise<unknown>): Promise<LoadResult>;
}

interface WentLive {
  version: string;
  release: string;
  seconds: number;
  way: string;
  by: string;
}

/** `berth rollback` and `sudo berth`, on a machine where 3.3.1 is live and 3.3.0 was before; each continues from the last */
export function rollbacks(scene: () => Scene): void {
  const machine = (script: string) => inMachine(scene().stack, script);
  const here = (words: string) => machine(`berth ${words} 2>&1; echo "code $?"`);
  const history = async (): Promise<WentLive[]> => JSON.parse(await machine('berth history --json'));
  const rollback = (...words: string[]) =>
    berthOn(scene().stack, ['rollback', scene().stack.place.stack, 'basegun', ...words]);
  const versionInFile = async () => {
    const { folder, stack } = scene().stack.place;
    return /version: (\S+)/.exec(await readFile(join(folder, 'project', `Pulumi.${stack}.yaml`), 'utf8'))?.[1];
  };
  /** Cuts the machine off from its registry */
  const withoutRegistry = async (work: () => Promise<void>) => {
    await machine(
      `address=$(getent ahostsv4 registry.berth.test | awk '{ print $1; exit }')
       nft add table inet cut && nft add chain inet cut out '{ type filter hook output priority 0; }' &&
       nft add rule inet cut out ip daddr "$address" reject && ! curl --silent --max-time 3 "http://$address:5000/v2/"`,
    );
    await work().finally(() => machine('nft delete table inet cut'));
  };

  describe('on the machine', () => {
    test('status, history, plan and logs answer root alone, without changing anything', async () => {
      const before = await traces(scene().stack);
      expect(await here('status')).toMatch(
        /^basegun 3\.3\.1, release \w{16}\nlive since \S+, before it 3\.3\.0, in [\d.]+ s, released by \w+\nservices\n( {2}\w+ .*well .*\n)+nothing differs from the release\ncode 0\n$/,
      );
      const [first, second] = (await here('history')).split('\n').slice(1);
      expect(first).toMatch(/^\S+ +3\.3\.1 +\w{16} +3\.3\.0 +[\d.]+ s +\w+ +live$/);
      expect(second).toMatch(/^\S+ +3\.3\.0 +\w{16} .*kept$/);
      expect(await here('plan')).toBe('basegun 3.3.1, the live release once more: nothing to do\ncode 0\n');
      expect(await here('logs --lines 3 --service backend')).toMatch(/^(\S+Z\tbackend\t.*\n)+code 0\n$/);
      expect(await here('rollback --plan')).toMatch(
        /^basegun 3\.3\.1 → 3\.3\.0, release \w{16}, live from \S+:\n( {2}.+\n)* {2}switch to generation .+\n( {2}.+\n)*code 0\n$/,
      );
      expect(await here('rollback --to 9.9.9')).toMatch(
        /^error: there is no way back to 9\.9\.9: this machine has 3\.3\.0 \(release/,
      );
      expect(await here('rollback </dev/null')).toContain('error: nobody can be asked here: add --yes');
      expect(await machine('su nobody -s /bin/sh -c "berth status" 2>&1 || true')).toBe(
        'only root may ask: sudo berth status\n',
      );
      expect(await traces(scene().stack)).toBe(before);
    });
  });

  describe('from the stack', () => {
    let run: Captured;
    let result: LoadResult;
    let took: number;

    beforeAll(async () => {
      await withoutRegistry(async () => {
        const images = await machine('docker image ls --no-trunc --quiet | sort');
        result = await scene().underLoad(async () => {
          const began = Date.now();
          run = await rollback('--yes');
          took = (Date.now() - began) / 1000;
        });
        expect(await machine('docker image ls --no-trunc --quiet | sort')).toBe(images);
      });
    });

    test('the former version is back without a failed request and without a registry, and the file names it', async () => {
      expect(run, run.stderr).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(
          /^basegun-web-0, 3\.3\.1 → 3\.3\.0:\n( {2}.+\n)+basegun-web-0:\n(.*\n)*Pulumi\.\S+\.yaml: basegun 3\.3\.1 → 3\.3\.0\n/m,
        ),
      });
      expect(run.stdout).not.toMatch(/^ {2}(pull|build|install|run) /m);
      expect(result.failures).toEqual([]);
      expect(result.versions).toEqual(['3.3.1', '3.3.0']);
      expect(await versionInFile()).toBe('3.3.0');
    });

    test('the history of the machine tells that it was a way back, and in what time', async () => {
      const [live, before] = await history();
      expect(live).toMatchObject({ version: '3.3.0', way: 'rollback', by: userInfo().username });
      expect(before).toMatchObject({ version: '3.3.1', way: 'release' });
      console.log(`rollback: ${live?.seconds} s on the machine, ${took} s in all; ${result.requests} requests`);
      // The bench has the limit, on a computer that does nothing else
      expect(live?.seconds).toBeLessThan(took);
    });

    test('until the stack has deployed it, status and drift tell that the machine differs', async () => {
      const told = await drift(scene().stack);
      expect(told).toEqual([
        {
          ...{ kind: 'release', what: expect.stringMatching(/^\w{16}$/) },
          difference: expect.stringMatching(
            /^was brought back on the machine at \S+ by \w+, from version 3\.3\.1 to 3\.3\.0: the stack has not deployed it since$/,
          ),
        },
      ]);
      const { code, stdout } = await berthOn(scene().stack, ['status', scene().stack.place.stack]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining('3.3.0') });
      expect(await here('status')).toMatch(
        /brought back by \w+\n(.*\n)*differs from the release\n {2}release .*code 1\n$/s,
      );
    });

    test('the next deployment of that version finds the machine in place, and nothing differs', async () => {
      const before = await scene().containers();
      await scene().stack.configure({ version: '3.3.0' });
      const up = await scene().stack.up();
      expect(up.code, up.output).toBe(0);
      expect(await scene().containers()).toBe(before);
      expect(await drift(scene().stack)).toEqual([]);
      expect((await history())[0]).toMatchObject({ version: '3.3.0', way: 'rollback' });
    });

    test('a second way back does not lead to the version that was left, unless it is named', async () => {
      expect((await rollback('--yes')).code).toBe(1);
      const { code, stdout } = await rollback('--to', '3.3.1', '--yes');
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('3.3.0 → 3.3.1') });
    });
  });
}
