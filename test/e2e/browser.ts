import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { made, nameBeside, talkBeside } from './beside.ts';
import { networkOf } from './reach.ts';
import type { TestStack } from './stack.ts';

/** A page in a headless Chromium that runs in a container */
export interface OpenedPage {
  /** Returns the value of an expression of the page */
  evaluate(expression: string): Promise<unknown>;
  /** Sends a command of the browser's protocol */
  command(method: string, params?: object): Promise<unknown>;
  /** Goes to another page. @returns its status, or why it was not loaded */
  open(url: string): Promise<{ status: number } | { failed: string }>;
  /** Clicks with the mouse on the middle of what a selector finds */
  click(selector: string): Promise<void>;
  /** Chooses a file for an input, as its dialog does */
  choose(selector: string, name: string, type: string, content: Buffer): Promise<void>;
  /** Returns what the console has reported as errors since the last call */
  errors(): Promise<readonly string[]>;
  /** Makes the window so large, for a person who prefers dark or light */
  look(width: number, height: number, scheme?: 'dark' | 'light'): Promise<void>;
  /** Presses the tabulator so often, and returns what has the focus after each */
  tabs(count: number): Promise<readonly string[]>;
  /** Writes a picture of the whole page to a file, as PNG */
  picture(file: string): Promise<void>;
  close(): Promise<void>;
}

interface Where {
  /** Addresses by public name. @default none */
  hosts?: Readonly<Record<string, string>>;
  /** A file of this computer that is /page.html in the container */
  file?: string;
  /** Whether it is on this computer's own network instead of the stack's, where 127.0.0.1 is this computer */
  onThisComputer?: boolean;
}

let opened = 0;
const recipe = { name: 'browser', context: fileURLToPath(new URL('browser', import.meta.url)) };

/** What has the focus, by its place in the page, its kind and its text */
const focused = `(() => { const { tagName, textContent, id, href } = document.activeElement; return [[...document.querySelectorAll('*')].indexOf(document.activeElement), tagName.toLowerCase(), id, href ?? '', textContent.trim().slice(0, 40)].join(' '); })()`;

/** Opens a page in a browser beside the machines of a stack */
export async function openPage(
  stack: Pick<TestStack, 'place'>,
  url: string,
  { hosts = {}, file, onThisComputer = false }: Where = {},
): Promise<OpenedPage> {
  opened += 1;
  const names = Object.entries(hosts).map(([name, address]) => `${name} ${address}`);
  const given = file === undefined ? [] : ['--volume', `${file}:/page.html:ro`];
  const network = onThisComputer ? 'host' : (await networkOf(stack)).name;
  const beside = talkBeside(nameBeside(stack, `browser-${opened}`), network, [...given, await made(recipe), ...names]);
  const command = (method: string, params: object = {}) => beside.ask(JSON.stringify({ method, params }));
  const press = (type: string) =>
    command('Input.dispatchKeyEvent', { type, key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 });
  const open = async (next: string) =>
    (await command('open', { url: next })) as { status: number } | { failed: string };
  const first = await open(url);
  if ('failed' in first) {
    await beside.close();
    throw new Error(`${url} was not loaded: ${first.failed}`);
  }
  return {
    evaluate: beside.ask,
    command,
    open,
    async click(selector) {
      const middle = `(() => { const one = document.querySelector(${JSON.stringify(selector)}); one.scrollIntoView({ block: 'center' }); const { x, y, width, height } = one.getBoundingClientRect(); return { x: x + width / 2, y: y + height / 2 }; })()`;
      const place = (await beside.ask(middle)) as { x: number; y: number };
      for (const type of ['mousePressed', 'mouseReleased'])
        await command('Input.dispatchMouseEvent', { type, button: 'left', clickCount: 1, ...place });
    },
    async choose(selector, name, type, content) {
      const bytes = `Uint8Array.from(atob('${content.toString('base64')}'), (sign) => sign.charCodeAt(0))`;
      const chosen = `(() => { const input = document.querySelector(${JSON.stringify(selector)}); const given = new DataTransfer(); given.items.add(new File([${bytes}], '${name}', { type: '${type}' })); input.files = given.files; input.dispatchEvent(new Event('change', { bubbles: true })); return input.files.length; })()`;
      await beside.ask(chosen);
    },
    errors: async () => (await command('errors')) as readonly string[],
    async look(width, height, scheme = 'light') {
      const features = [{ name: 'prefers-color-scheme', value: scheme }];
      await command('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 600 });
      await command('Emulation.setEmulatedMedia', { features });
    },
    async tabs(count) {
      const found: string[] = [];
      for (let pressed = 0; pressed < count; pressed += 1) {
        await press('rawKeyDown');
        await press('keyUp');
        found.push(String(await beside.ask(focused)));
      }
      return found;
    },
    async picture(file) {
      const shown = { format: 'png', captureBeyondViewport: true };
      const { data } = (await command('Page.captureScreenshot', shown)) as { data: string };
      await writeFile(file, Buffer.from(data, 'base64'));
    },
    close: beside.close,
  };
}

/** A folder in which pictures of pages are kept, for people. @default none are made */
const pictures = process.env.BERTH_PICTURES;

/** Keeps a picture of the page where the variable BERTH_PICTURES names a folder */
export async function kept(page: OpenedPage, name: string): Promise<void> {
  if (pictures !== undefined) await page.picture(join(pictures, `${name}.png`));
}
