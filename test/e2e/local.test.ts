import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { stackLabel } from '../../src/clouds/local/setUp/stack.ts';
import { checkout } from '../../src/paths.ts';
import { captured } from '../../src/process/captured.ts';
import { placeIn } from '../../src/pulumi/place.ts';
import { onTerminal } from '../onTerminal.ts';
import { kept, openPage } from './browser.ts';
import { eventually } from './client.ts';
import { presentProgram, writeProject } from './project.ts';
import { type Run, run } from './stack.ts';

// What somebody does on a fresh clone: one command for a system that the file does not have

let folder: string;
let project: string;
let first: Run;
let name: string;

const berth = (...words: string[]): Promise<Run> =>
  run(process.execPath, [join(checkout, 'src/start/berth.js'), ...words], process.env, '', project);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-local-'));
  project = await writeProject(join(folder, 'project'), presentProgram);
  // With names of its own on the computer, where the user's stack of this checkout may run
  name = `e2e-${randomBytes(3).toString('hex')}`;
  const environment = `config:\n  berth:environment: ${name}\n`;
  const committed = await readFile(join(checkout, 'Pulumi.local.yaml'), 'utf8');
  await writeFile(join(project, 'Pulumi.local.yaml'), committed.replace('config:\n', environment));
  first = await berth('local', 'lostops');
});

afterAll(async () => {
  await berth('local', '--down');
  await rm(folder, { recursive: true, force: true });
});

const siteUrl = (): string => /lostops 1\.0\.0 {3}(\S+)/.exec(first.output)?.[1] ?? '';

/** Status and text of a page, opened as a browser of this computer does, whatever its certificate */
const opened = (url: string, login?: string): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port, pathname } = new URL(url);
    const options = { host: '127.0.0.1', port, path: pathname, servername: hostname, rejectUnauthorized: false };
    const headers = { host: `${hostname}:${port}` };
    request({ ...options, headers, ...(login !== undefined && { auth: login }) }, (response) => {
      let text = '';
      response.on('data', (data: Buffer) => (text += data.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    })
      .on('error', reject)
      .end();
  });

/** Pages with their names and passwords, of a text that was printed */
const loginsIn = ({ output }: Run): { url: string; login: string }[] =>
  [...output.matchAll(/^ {2}(https:\S+) +(\S+) {3}(\S+)$/gm)].map(([, url = '', user, password]) => ({
    url,
    login: `${user}:${password}`,
  }));

test('a system that the file lacks is added to it, and comes up with secrets that nobody chose', async () => {
  expect(first.code, first.output).toBe(0);
  expect(first.output).toContain('added lostops to Pulumi.local.yaml, with options for this computer');
  const text = await readFile(join(project, 'Pulumi.local.yaml'), 'utf8');
  expect(Object.keys(parse(text).config['berth:systems'])).toEqual(['basegun', 'lostops']);
  expect(text).not.toContain('berth:secrets');
  expect(await opened(siteUrl())).toMatchObject({ status: 200, text: expect.stringContaining('<h1>') });
});

test('each page opens with the name and password that were printed, and not without', async () => {
  const logins = loginsIn(first);
  expect(logins.map(({ url }) => new URL(url).hostname)).toEqual([
    'prometheus.lostops.localhost',
    'alerts.lostops.localhost',
  ]);
  for (const { url, login } of logins) {
    expect((await opened(url)).status, url).toBe(401);
    expect((await opened(url, `${login}x`)).status, url).toBe(401);
    expect((await opened(url, login)).status, url).toBeLessThan(400);
  }
  expect(loginsIn(await berth('local', '--logins'))).toEqual(logins);
});

test('a person opens the site and clicks, and opens each page behind its login', async () => {
  const place = { ...placeIn(project, 'local'), stack: name };
  const urls = [siteUrl(), ...loginsIn(first).map(({ url }) => url)];
  // On the stack's network: a browser on the computer's own one drops requests whenever docker makes or removes a network
  const hosts = Object.fromEntries(await Promise.all(urls.map(async (url) => [new URL(url).host, await behind(url)])));
  const page = await openPage({ place }, siteUrl(), { hosts });
  try {
    const heading = () => page.evaluate("Number(document.querySelector('h1')?.textContent ?? NaN)");
    const before = await heading();
    await page.click('button');
    await eventually(
      20,
      () => page.evaluate('document.body.textContent.trim()'),
      (text) => text === `${Number(before) + 1}`,
    );
    await page.open(siteUrl());
    expect(await heading()).toBe(Number(before) + 1);
    await kept(page, 'lostops');
    for (const { url, login } of loginsIn(first)) {
      expect(await page.open(`${url}/`), url).toEqual({ status: 401 });
      await page.errors();
      expect(await page.open(`${url.replace('https://', `https://${login}@`)}/`), url).toEqual({ status: 200 });
      const title = /^https:\/\/(\w+)\./.exec(url)?.[1] === 'alerts' ? 'Alertmanager' : 'Prometheus';
      expect(await page.evaluate('document.title'), url).toContain(title);
      await kept(page, title);
      if (title === 'Prometheus') {
        await page.click('a[href$="/alerts"]');
        const text = () => page.evaluate('document.body.innerText');
        expect(await eventually(20, text, (shown) => `${shown}`.includes('DatabaseDown'))).toContain('DatabaseDown');
        await kept(page, 'alerts');
      }
      // Faults of the programs' own scripts are not ours; that the browser is refused a part of a page would be
      expect(
        (await page.errors()).filter((error) => error.startsWith('Failed to load')),
        url,
      ).toEqual([]);
    }
  } finally {
    await page.close();
  }
});

test('once more changes nothing, and runs no engine', async () => {
  const again = await berth('local', 'lostops');
  expect(again.code, again.output).toBe(0);
  expect(again.output).toMatch(/nothing has changed since the last deployment: all \d+ parts on this computer stand/);
  expect(loginsIn(again)).toEqual(loginsIn(first));
  console.log(`berth local with nothing changed: ${again.seconds.toFixed(1)} s`);
});

/** Returns the address of the machine that publishes a URL's port on this computer, with its own port */
async function behind(url: string): Promise<string> {
  const { output } = await run('docker', [...machines(), '--format', '{{.ID}} {{.Ports}}'], process.env);
  const published = new RegExp(`^(\\w+) .*\\b127\\.0\\.0\\.1:${new URL(url).port}->(\\d+)/tcp`, 'm').exec(output);
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  const inspected = await run('docker', ['inspect', '--format', format, published?.[1] ?? ''], process.env);
  return `${inspected.output.trim()}:${published?.[2]}`;
}

/** Words of docker that list the stack's containers */
const machines = (): string[] => ['ps', '--filter', `label=${stackLabel(placeIn(project, 'local'))}`];

/** Stops the machine of the application */
async function stopMachine(): Promise<void> {
  const { output } = await run('docker', [...machines(), '--quiet', '--filter', 'name=lostops-app-0$'], process.env);
  expect(output.trim()).toMatch(/^\S+$/);
  await run('docker', ['stop', output.trim()], process.env);
}

test('a machine that was stopped is started by the next, which programs can follow', async () => {
  await stopMachine();
  const words = [join(checkout, 'src/start/berth.js'), 'local', 'lostops', '--json'];
  const { code, stdout, stderr } = await captured(process.execPath, words, { cwd: project, env: process.env });
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/^ {2}lostops-app-0 +change machine/m);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'machine', machine: 'lostops-app-0', result: 'done', seconds: expect.any(Number) }),
  );
  expect(events.at(-1)).toMatchObject({ type: 'result', result: 'deployed' });
});

const watched = () =>
  onTerminal([process.execPath, join(checkout, 'src/start/berth.js'), 'local', 'lostops'], { cwd: project });

test('on a terminal: the plan, a line a machine that is drawn over, what matters last; also when it is resized', async () => {
  await stopMachine();
  const { terminal, done, resize, until, written } = watched();
  await until(/plan: \d+ change/);
  resize(40);
  expect(await done, written()).toBe(0);
  const { shown } = terminal;
  const text = shown.join('\n');
  expect(text).toMatch(/plan: \d+ changes?, \d+ stay/);
  expect(shown.filter((line) => /^✓ lostops-app-0 +done, /.test(line))).toHaveLength(1);
  expect(text).not.toMatch(/▸|plans what changes/);
  // Broken at the last column, as the terminal breaks them
  expect(shown.join('')).toMatch(/live {4}lostops 1\.0\.0 at https:.*took {4}.* in allnext {4}npx berth status local$/);
  expect(terminal.cursorShown).toBe(true);
});

test('Ctrl-C in the middle ends it once what is under way has ended, with a whole terminal; the next run completes it', async () => {
  await stopMachine();
  const { terminal, done, interrupt, until, written } = watched();
  await until(/▸ lostops-app-0/);
  interrupt();
  expect(await done, written()).toBe(130);
  expect(terminal.cursorShown).toBe(true);
  expect(terminal.shown).toContain('interrupted: waiting for what is under way to end');
  expect(terminal.shown.at(-1)).toBe('interrupted: run the same command again to continue');
  const again = await berth('local', 'lostops');
  expect(again.code, again.output).toBe(0);
  expect(again.output).toMatch(/^live {4}lostops 1\.0\.0 at https:/m);
});

test('everything goes with one command', async () => {
  const down = await berth('local', '--down');
  expect(down.code, down.output).toBe(0);
  expect(down.output).toContain('everything is removed');
});
