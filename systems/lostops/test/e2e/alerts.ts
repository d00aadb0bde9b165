import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dashboards } from '../../../../src/parts/grafana.ts';
import { templateText } from '../../../../src/render/template.ts';
import { atRate } from '../../../../test/e2e/atRate.ts';
import { berthOn } from '../../../../test/e2e/berth.ts';
import { nameBeside, networkThatAppears, startBeside } from '../../../../test/e2e/beside.ts';
import { type Client, eventually } from '../../../../test/e2e/client.ts';
import { run, type TestStack } from '../../../../test/e2e/stack.ts';
import { ahead } from './ahead.ts';

// It has no cache: the queries about one are asked where there is one, test/e2e/shop.test.ts
const queries = dashboards
  .filter((name) => name !== 'caches')
  .flatMap((name) => {
    const { panels } = JSON.parse(templateText(`grafana/${name}.json`, {})) as {
      panels: { targets: { expr: string }[] }[];
    };
    return panels.flatMap(({ targets }) => targets.map(({ expr }) => ({ name, expr })));
  });

export interface Scene {
  stack: TestStack;
  inRole(role: string, script: string): Promise<string>;
  site: Client;
}

const alias = 'told.berth.test';

/** Options and secrets by which Lostops tells the receiver that `startReceiver` starts */
export const told = {
  options: { discord: { secret: 'discordWebhook' }, deadMansSwitch: { url: { secret: 'heartbeat' }, everyMinutes: 1 } },
  secrets: { discordWebhook: `http://${alias}:8080/discord`, heartbeat: `http://${alias}:8080/heartbeat` },
};

/** How long nothing may fire, a release under load included: a real look takes 600, of which an everyday run has no time */
const quietSeconds = Number(process.env.BERTH_QUIET_SECONDS ?? 0);

export interface Note {
  /** In seconds since 1970 */
  at: number;
  path: string;
  title: string;
  text: string;
}

/** Where the receiver writes: read from this computer, since a program in its container would have to be started each time */
const toldFolder = ({ place }: TestStack): string => join(place.folder, 'told');

/** The receiver, which is there before the first alert is sent: what is not taken is an alert itself */
export async function startReceiver(stack: TestStack): Promise<() => Promise<void>> {
  const folder = toldFolder(stack);
  await mkdir(folder);
  await copyFile(new URL('../../../../test/receiver/receiver.py', import.meta.url), join(folder, 'receiver.py'));
  const receiver = nameBeside(stack, 'told');
  const program = ['--entrypoint', 'python3', stack.images.machineImage, '/given/receiver.py', '8080', '/given/notes'];
  const words = ['--volume', `${folder}:/given`, ...program];
  await startBeside(receiver, await networkThatAppears(stack), { alias, last: 250 }, words);
  return async () => void (await run('docker', ['rm', '--force', receiver], process.env));
}

/** Whom alerts reach: a server beside the machines stands in for Discord */
export function alerts(scene: () => Scene): void {
  const notesFile = (): string => join(toldFolder(scene().stack), 'notes');

  const notes = async (path: string): Promise<readonly Note[]> => {
    const lines = (await readFile(notesFile(), 'utf8')).split('\n').filter(Boolean);
    return lines
      .map((line) => JSON.parse(line))
      .filter((note) => note.path === path)
      .map(({ at, body: { embeds: [embed] = [] } }) => ({ at, path, title: embed?.title, text: embed?.description }));
  };
  /** What people were told of an alert from a moment on */
  const ofAlert = async (alert: string, since: number) =>
    (await notes('/discord')).filter(({ at, title }) => at > since && title.includes(alert));
  const now = () => Date.now() / 1000;
  const database = (script: string) => scene().inRole('database', script);
  const asked = async (query: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> => {
    const { inRole } = scene();
    const port = (await inRole('monitoring', 'docker port lostops-base-prometheus-1 9090')).trim();
    const url = `http://${port}/api/v1/query?query=${encodeURIComponent(query)}`;
    return JSON.parse(await inRole('monitoring', `curl --silent --fail '${url}'`)).data.result;
  };
  const firing = async () =>
    (await asked('ALERTS{alertstate="firing",alertname!="Heartbeat"}')).map(({ metric }) => metric);

  test(
    'nothing fires on a system that is well, nor by a release under load',
    async () => {
      const { stack, site } = scene();
      expect(
        await eventually(120, firing, (found) => Array.isArray(found) && found.length === 0),
        'before the release',
      ).toEqual([]);
      const since = now();
      const traffic = atRate(10, async () => void (await site.get('/health').catch(() => undefined)));
      // The application is replaced, and its schema stays
      await stack.configure({ uploads: { largestMb: 7 } });
      const release = await stack.up();
      await traffic.stop();
      expect(release.code, release.output).toBe(0);
      // What was seen in the release has become an alert by now
      await new Promise((resolve) => setTimeout(resolve, Math.max(40, since + quietSeconds - now()) * 1000));
      expect(await firing()).toEqual([]);
      expect(
        await asked(`max_over_time(ALERTS{alertname!="Heartbeat",alertstate="firing"}[${Math.ceil(now() - since)}s])`),
      ).toEqual([]);
      // What the first deployment began may end now
      const told = (await notes('/discord')).filter(({ at, title }) => at > since && !title?.startsWith('over: '));
      expect(told).toEqual([]);
    },
    600_000 + quietSeconds * 1000,
  );

  test('every query of every dashboard answers with data', async () => {
    const empty: string[] = [];
    for (const { name, expr } of queries) {
      const found = await eventually(
        60,
        () => asked(expr),
        (result) => Array.isArray(result) && result.length > 0,
      );
      if (found.length === 0) empty.push(`${name}: ${expr}`);
    }
    expect(queries.length).toBeGreaterThan(25);
    expect(empty).toEqual([]);
  });

  const berth = (...words: string[]) => berthOn(scene().stack, ['alerts', ...words, scene().stack.place.stack]);

  test('berth alerts says that nothing fires, and whether the receiver takes a test', async () => {
    expect(await berth()).toMatchObject({ code: 0, stdout: 'lostops: nothing fires\n' });
    const since = now();
    expect(await berth('--test')).toMatchObject({ code: 0, stdout: 'lostops: discord took the test\n' });
    const [note] = await ofAlert('BerthTest', since);
    expect(note?.text).toContain('this is a test of who is told');
    await writeFile(`${notesFile()}.refuse`, '');
    const refused = await berth('--test');
    await rm(`${notesFile()}.refuse`);
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringMatching(/^lostops: discord refused the test/) });
  });

  test("the dead man's switch is asked each minute", async () => {
    const found = await eventually(
      150,
      () => notes('/heartbeat'),
      (all) => all.length > 1,
    );
    expect(found.length).toBeGreaterThan(1);
    const apart = found.slice(1).map(({ at }, index) => at - (found[index]?.at ?? 0));
    for (const seconds of apart) expect(seconds).toBeLessThan(110);
  });

  // Waiting takes longer than doing, and each fault is told by itself
  describe.concurrent('faults', () => {
    test('a database that is killed is told within 90 seconds, and its return, too', async () => {
      const killed = now();
      await database('docker kill lostops-base-mysql-1');
      const [down] = await eventually(
        90,
        () => ofAlert('DatabaseDown', killed),
        (found) => found.length > 0,
      );
      expect(down).toMatchObject({
        title: expect.stringMatching(/^critical: DatabaseDown on lostops-database-0 \(.+\)$/),
        text: expect.stringMatching(/^mysql of lostops-database-0 is down, since .* UTC\.\n.*`npx berth ssh /),
      });
      const { code, stdout } = await berth();
      expect({ code, stdout }).toEqual({
        code: 1,
        stdout: expect.stringMatching(/critical +DatabaseDown +lostops-database-0/),
      });
      const started = now();
      await database('docker start lostops-base-mysql-1');
      const told = await eventually(
        120,
        () => ofAlert('DatabaseDown', started),
        (found) => found.some(({ title }) => title.startsWith('over: ')),
      );
      const over = told.find(({ title }) => title.startsWith('over: '));
      expect(over?.text).toMatch(/^Over: mysql of lostops-database-0 is down, from .* to .* UTC/);
    });

    ahead(scene, ofAlert);
  });
}
