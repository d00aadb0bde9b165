import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { berthOn, berthStarted } from '../../../../test/e2e/berth.ts';
import { kept, type OpenedPage, openPage } from '../../../../test/e2e/browser.ts';
import { eventually } from '../../../../test/e2e/client.ts';
import { secretsOf, type TestStack } from '../../../../test/e2e/stack.ts';
import { freePort } from '../../../../test/freePort.ts';

const sizes = [
  [360, 800],
  [768, 1024],
  [1280, 900],
] as const;

/** Everything that a person reaches by the tabulator, as it is told when it has the focus */
const reachable = `[...document.querySelectorAll('a[href], summary, [tabindex="0"]')].filter((one) => one.checkVisibility()).length`;
const outlined = `getComputedStyle(document.activeElement).outlineStyle !== 'none'`;

/** The page of a stack with machines, backups and a Prometheus, in a real browser */
export function statusPage(scene: () => TestStack): void {
  let file: string;
  let text: string;
  let page: OpenedPage;

  beforeAll(async () => {
    const stack = scene();
    file = join(stack.place.folder, 'page.html');
    const written = async () => {
      const { code, stdout, stderr } = await berthOn(stack, ['status', stack.place.stack, '--html', file]);
      expect(code, stdout + stderr).toBe(0);
      return readFile(file, 'utf8');
    };
    // On a busy computer the first heartbeat comes late
    const found = await eventually(120, written, (page) => !String(page).includes('hears nothing of Prometheus'));
    if ((found as unknown) instanceof Error) throw found;
    text = found;
    // For the browser's user
    await chmod(file, 0o644);
    page = await openPage(stack, 'file:///page.html', { file });
  });
  afterAll(() => page?.close());

  const section = (id: string) => page.evaluate(`document.getElementById('${id}').textContent`) as Promise<string>;

  test('it has the machines as they are, with the days of each certificate, the backup with its age, and who released', async () => {
    const machines = await section('machines');
    for (const role of ['app', 'database', 'monitoring']) expect(machines).toContain(`lostops-${role}-0`);
    expect(machines.match(/\d+ of \d+/g)?.length).toBeGreaterThanOrEqual(3);
    const certificates = await section('certificates');
    for (const name of ['app', 'prometheus', 'alerts'])
      expect(certificates).toMatch(new RegExp(`${name}\\.lostops\\.localhost\\d+ days`));
    expect(await section('backups')).toMatch(/lostops mysqlwell20\d\d-.*\d min ago\d+ MB/);
    expect(await section('jobs')).toMatch(/migratelostops-app-0well/);
    expect(await section('releases')).toMatch(/updatesucceeded[\s\S]*lostops1\.0\.0released/);
    expect(await section('reach')).toContain('operators: 127.0.0.0/8');
  });

  test('its charts are of what Prometheus knows', async () => {
    const labels = (await page.evaluate(
      "[...document.querySelectorAll('svg[role=img]')].map((one) => one.getAttribute('aria-label'))",
    )) as string[];
    const beginnings = [
      ...['app', 'prometheus', 'alerts'].map((name) => `${name}.lostops.localhost answered: `),
      ...['app', 'database', 'monitoring'].flatMap((role) => [
        `lostops-${role}-0 answered: `,
        `processors of lostops-${role}-0 in use: `,
        `memory of lostops-${role}-0 in use: `,
      ]),
    ];
    for (const begins of beginnings) expect(labels).toContainEqual(expect.stringContaining(begins));
    expect(await section('alerts')).toMatch(/lostops (?:well nothing fires|\d firing)/);
  });

  test('no secret of the stack is in it', async () => {
    const found = (await secretsOf(scene())).filter((secret) => secret.length > 7 && text.includes(secret));
    expect(found).toEqual([]);
  });

  test.each(
    sizes.flatMap(([width, height]) => (['light', 'dark'] as const).map((scheme) => ({ width, height, scheme }))),
  )(
    'at $width × $height in $scheme, nothing has to be scrolled sideways, and the keyboard reaches everything',
    async ({ width, height, scheme }) => {
      await page.open('file:///page.html');
      await page.look(width, height, scheme);
      const isDark = await page.evaluate("getComputedStyle(document.body).backgroundColor === 'rgb(14, 20, 27)'");
      expect(isDark).toBe(scheme === 'dark');
      for (const opened of [false, true]) {
        if (opened) await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
        // A phone's window grows with a page that is too wide
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        await kept(page, `page-${width}-${scheme}${opened ? '-opened' : ''}`);
      }
      const count = (await page.evaluate(reachable)) as number;
      const found = await page.tabs(count);
      expect(found[0]).toContain('To the state of the stack');
      expect(new Set(found.filter((one) => !/^\d+ body /.test(one))).size).toBe(count);
      expect(found.at(-1)).toMatch(/^\d+ div /);
      expect(await page.evaluate(outlined)).toBe(true);
      expect(await page.errors()).toEqual([]);
    },
  );

  test('it is served on this computer until Ctrl-C, and a second one on the port is told so', async () => {
    const stack = scene();
    const port = await freePort();
    const words = ['status', stack.place.stack, '--serve', `${port}`];
    const { child, ended } = await berthStarted(stack, words);
    try {
      const url = `http://127.0.0.1:${port}/`;
      const isThere = () =>
        fetch(url).then(
          ({ status }) => status,
          () => 0,
        );
      expect(await eventually(60, isThere, (status) => status === 200)).toBe(200);
      const second = await berthOn(stack, words);
      expect(second).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`port ${port} of this computer is taken`),
      });
      const shown = await openPage(stack, url, { onThisComputer: true });
      try {
        expect(await shown.evaluate('document.title')).toContain(stack.place.stack);
        expect(await shown.errors()).toEqual([]);
      } finally {
        await shown.close();
      }
    } finally {
      child.kill('SIGINT');
    }
    expect(await ended).toMatchObject({ code: 0, output: expect.stringContaining('until Ctrl-C') });
  });
}
