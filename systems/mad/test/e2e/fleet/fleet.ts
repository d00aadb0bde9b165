import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, eventually } from '../../../../../test/e2e/client.ts';
import { type Beside, openPage, type Place, type VisitorsWanted } from './beside.ts';
import { type Group, startGroup } from './group.ts';

export interface Scene {
  place: Place;
  api: Client;
  /** Releases another version of the API, under requests of its own */
  release(): Promise<void>;
}

/** A row of the page; `late`: how many milliseconds after the API heard of it */
interface Row {
  id: string;
  instance: string;
  late: string;
}

const websockets = { transports: ['websocket'], tells: true } as const;
/** As Socket.IO's clients do by default */
const both = { transports: ['polling', 'websocket'], tells: true } as const;
/** Also connected: the page and the client of the stack */
const beside = 2;
/** The page's rows, as their data says */
const rowsOf = "[...document.querySelectorAll('#clients tr')].map((row) => ({ ...row.dataset }))";
const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((all, count) => all + count, 0);

/** What the fleet does under change, shown to a browser and to visitors of every kind */
export function fleet(scene: () => Scene): void {
  let page: Beside;
  const started: Group[] = [];

  beforeAll(async () => {
    page = await openPage(scene().place, 'https://mad.localhost/');
  });
  afterAll(async () => {
    await Promise.all([page, ...started].map((each) => each?.close()));
  });

  async function visitors(...wanted: VisitorsWanted[]): Promise<Group> {
    const group = await startGroup(scene().place, wanted);
    started.push(group);
    await group.allConnected(30);
    return group;
  }

  const rows = async () => (await page.ask(rowsOf)) as Row[];
  const rowsOfAll = (seconds: number, ids: readonly string[]) =>
    eventually(seconds, rows, (shown) => ids.every((id) => shown.some((row) => row.id === id)));
  const connections = async () => JSON.parse((await scene().api.get('/connections')).body) as Record<string, number>;

  /** Expects visitors to be connected once, and shown once */
  async function eachOnce(group: Group): Promise<void> {
    await eventually(10, connections, (counts) => sum(counts) === group.count + beside);
    expect(sum(await connections())).toBe(group.count + beside);
    const shown = (await rowsOfAll(5, group.ids)).map(({ id }) => id);
    expect(shown.filter((id) => group.ids.includes(id)).sort()).toEqual([...group.ids].sort());
  }

  test('a browser sees every client live, and events of clients at the other machine within a second', async () => {
    const group = await visitors(
      { kind: 'websocket', count: 8, ...websockets },
      { kind: 'both', count: 2, ...both },
      { kind: 'former', count: 2, protocol: 2, ...both },
    );
    const shown = await rowsOfAll(10, group.ids);
    expect(shown.map(({ id }) => id)).toEqual(expect.arrayContaining([...group.ids]));
    // Each has told twice and more
    await new Promise((resolve) => setTimeout(resolve, 6000));
    const told = await rows();
    expect(told).toHaveLength(group.count + 1);
    expect(new Set(told.map(({ instance }) => instance)).size).toBe(2);
    for (const { id, late } of told) {
      expect(late, id).not.toBe('');
      expect(Number(late), id).toBeLessThanOrEqual(1000);
    }
    expect((await group.report()).drops).toBe(0);
    await group.close();
    const left = await eventually(5, rows, (all) => all.length === 1);
    expect(left).toHaveLength(1);
  });

  test('clients that only poll, through a proxy, are served in both protocols', async () => {
    const polling = { count: 4, transports: ['polling'], tells: true, proxy: true };
    const group = await visitors({ kind: 'poll', ...polling }, { kind: 'former-poll', protocol: 2, ...polling });
    await rowsOfAll(5, group.ids);
    await new Promise((resolve) => setTimeout(resolve, 5000));
    expect(await group.report()).toMatchObject({ connected: 8, by: { polling: 8 }, drops: 0, errors: {} });
    await eachOnce(group);
    await group.close();
  });

  test('a release of the API under load fails no request; every websocket is back within 5 s, none twice', async () => {
    const group = await visitors(
      { kind: 'released', count: 30, ...websockets },
      { kind: 'released-both', count: 5, ...both },
      { kind: 'released-former', count: 5, protocol: 2, ...both },
    );
    await scene().release();
    await group.allConnected(5);
    const { drops, longestGapMs } = await group.report();
    expect(longestGapMs).toBeLessThanOrEqual(5000);
    // At most once by each of the two machines
    expect(drops).toBeLessThanOrEqual(2 * group.count);
    expect(drops).toBeGreaterThanOrEqual(group.count);
    await eachOnce(group);
    await group.close();
  });
}
