import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { kept, type OpenedPage, openPage } from '../../../../../test/e2e/browser.ts';
import { type Client, eventually } from '../../../../../test/e2e/client.ts';
import { inMachine, machineContainer, stdoutOf, type TestStack } from '../../../../../test/e2e/stack.ts';
import type { Place, Report, VisitorsWanted } from './beside.ts';
import { type Group, startGroup } from './group.ts';

export interface Scene {
  place: Place<TestStack>;
  /** Clients of the stack itself */
  clients: number;
  api: Client;
  /** Releases another version of the API, under requests of its own */
  release(): Promise<void>;
  /** Returns how many machines of the API answer visitors */
  machinesReached(): Promise<number>;
}

/** A row of the page; `at`: when a machine of the API heard it; `late`: how many milliseconds later the page did */
interface Row {
  id: string;
  instance: string;
  at: string;
  late: string;
}

interface Cookies {
  cookies: readonly { name: string }[];
}

const websockets = { transports: ['websocket'], tells: true } as const;
/** As Socket.IO's clients do by default */
const both = { transports: ['polling', 'websocket'], tells: true } as const;
const startedAt =
  "docker inspect --format '{{.State.StartedAt}} {{.RestartCount}}' $(docker ps --quiet --filter label=berth.service=api)";
/**
 * What a quiet computer keeps, in milliseconds, with room for the stacks of other tests on the same processors: it is
 * measured on a quiet one, and is in the system's page
 */
const withRoom = (milliseconds: number): number => 3 * milliseconds;
/** The page's rows, as their data says */
const rowsOf = "[...document.querySelectorAll('#clients tr')].map((row) => ({ ...row.dataset }))";
const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((all, count) => all + count, 0);

/** What the fleet does under change, shown to a browser and to visitors of every kind */
export function fleet(scene: () => Scene): void {
  let page: OpenedPage;
  let started: Group[] = [];

  beforeAll(async () => {
    const { stack, hosts } = scene().place;
    page = await openPage(stack, 'https://mad.localhost/', { hosts });
  });
  afterEach(async () => {
    await Promise.all(started.map((group) => group.close()));
    started = [];
  });
  afterAll(() => page?.close());

  async function visitors(...wanted: VisitorsWanted[]): Promise<Group> {
    const group = await startGroup(scene().place, wanted);
    started.push(group);
    await group.allConnected(120);
    return group;
  }

  const rows = async () => (await page.evaluate(rowsOf)) as Row[];
  const rowsOfAll = (seconds: number, ids: readonly string[]) =>
    eventually(seconds, rows, (shown) => ids.every((id) => shown.some((row) => row.id === id)));
  /** Also connected are the stack's own clients and the page */
  const withOthers = (count: number): number => count + scene().clients + 1;
  const connections = async () => JSON.parse((await scene().api.get('/connections')).body) as Record<string, number>;

  /** Expects visitors to be connected once, and shown once */
  async function eachOnce(group: Group): Promise<void> {
    await eventually(60, connections, (counts) => sum(counts) === withOthers(group.count));
    expect(sum(await connections())).toBe(withOthers(group.count));
    const shown = (await rowsOfAll(60, group.ids)).map(({ id }) => id);
    expect(shown.filter((id) => group.ids.includes(id)).sort()).toEqual([...group.ids].sort());
  }

  test('a browser sees every client live, and events of clients at the other machine at once', async () => {
    const { clients } = scene();
    const group = await visitors(
      { kind: 'websocket', count: 8, ...websockets },
      { kind: 'both', count: 2, ...both },
      { kind: 'former', count: 2, protocol: 2, ...both },
    );
    const shown = await rowsOfAll(60, group.ids);
    expect(shown.map(({ id }) => id)).toEqual(expect.arrayContaining([...group.ids]));
    // Each has told twice and more
    await new Promise((resolve) => setTimeout(resolve, 6000));
    const isLive = ({ late }: Row) => late !== '' && Number(late) <= withRoom(1000);
    const told = await eventually(60, rows, (all) => all.length === group.count + clients && all.every(isLive));
    expect(told).toHaveLength(group.count + clients);
    expect(new Set(told.map(({ instance }) => instance)).size).toBe(2);
    for (const { id, late } of told) {
      expect(late, id).not.toBe('');
      expect(Number(late), id).toBeLessThanOrEqual(withRoom(1000));
    }
    expect((await group.report()).drops).toBe(0);
    await group.close();
    const left = await eventually(60, rows, (all) => all.length === clients);
    expect(left).toHaveLength(clients);
    await kept(page, 'mad');
  });

  test("a browser keeps the balancer's cookie; before and after it came, each session becomes a websocket", async () => {
    const becomes = () =>
      page.evaluate("window.former ? '' : document.getElementById('state').dataset.transport ?? ''");
    for (let session = 0; session < 5; session += 1) {
      expect(await eventually(60, becomes, (transport) => transport === 'websocket')).toBe('websocket');
      await page.evaluate('window.former = true; location.reload()');
    }
    const urls = ['https://api.mad.localhost/'];
    const { cookies } = (await page.command('Network.getCookies', { urls })) as Cookies;
    expect(cookies.map(({ name }) => name)).toEqual(['berth_visitor']);
  });

  test('clients that only poll, through a proxy, are served in both protocols', async () => {
    const polling = { count: 4, transports: ['polling'], tells: true, proxy: true };
    const group = await visitors({ kind: 'poll', ...polling }, { kind: 'former-poll', protocol: 2, ...polling });
    await rowsOfAll(60, group.ids);
    await new Promise((resolve) => setTimeout(resolve, 5000));
    expect(await group.report()).toMatchObject({ connected: 8, by: { polling: 8 }, drops: 0, errors: {} });
    await eachOnce(group);
  });

  test('a release of the API under load fails no request; every websocket is soon back, none twice', async () => {
    const group = await visitors(
      { kind: 'released', count: 30, ...websockets },
      { kind: 'released-both', count: 5, ...both },
      { kind: 'released-former', count: 5, protocol: 2, ...both },
    );
    await scene().release();
    await group.allConnected(60);
    const { drops, longestGapMs } = await group.report();
    expect(longestGapMs).toBeLessThanOrEqual(withRoom(5000));
    // At most once by each of the two machines
    expect(drops).toBeLessThanOrEqual(2 * group.count);
    expect(drops).toBeGreaterThanOrEqual(group.count);
    await eachOnce(group);
  });

  test('after a restart of Redis all are soon in step, and no machine of the API has restarted', async () => {
    const group = await visitors({ kind: 'redis', count: 12, ...websockets });
    const { stack } = scene().place;
    const ran = () => Promise.all(['api-0', 'api-1'].map((machine) => inMachine(stack, startedAt, machine)));
    const before = await ran();
    await inMachine(stack, 'docker restart --time 5 mad-base-redis-1', 'redis-0');
    const restarted = Date.now();
    const heard = (shown: Row[]) =>
      group.ids.every((id) => shown.some((row) => row.id === id && Number(row.at) > restarted));
    expect(heard(await eventually(40, rows, heard))).toBe(true);
    expect(Date.now() - restarted).toBeLessThanOrEqual(withRoom(10_000));
    expect(await ran()).toEqual(before);
    expect((await group.report()).drops).toBe(0);
    await eachOnce(group);
  });

  test('a machine of the API is killed: its clients are soon at another; back, it is in use again', async () => {
    const group = await visitors(
      { kind: 'killed', count: 20, ...both },
      { kind: 'killed-websocket', count: 20, ...websockets },
    );
    const { stack } = scene().place;
    const machine = await machineContainer(stack, 'api-1');
    await stdoutOf('docker', ['kill', machine]);
    const elsewhere = ({ connected, instances }: Report) =>
      connected === group.count && Object.keys(instances).length === 1;
    const found = await eventually(40, group.report, elsewhere);
    expect(elsewhere(found), JSON.stringify(found)).toBe(true);
    expect(found.longestGapMs).toBeLessThanOrEqual(withRoom(10_000));
    await eachOnce(group);
    await stdoutOf('docker', ['start', machine]);
    expect(await eventually(90, scene().machinesReached, (machines) => machines === 2)).toBe(2);
  });
}
