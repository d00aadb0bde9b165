import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { pageServer, servePages } from '../../../../../src/cli/status/page/serve.ts';

interface Answer {
  status: number | undefined;
  headers: Readonly<Record<string, unknown>>;
  text: string;
}

/** Serves pages that are numbered as they are made, at a time that the test sets */
async function served(make?: () => Promise<string>) {
  const clock = { at: 0 };
  let count = 0;
  const numbered = async (): Promise<string> => {
    count += 1;
    return `page ${count}`;
  };
  const server = pageServer(make ?? numbered, () => clock.at);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const ask = (path = '/', { method = 'GET', host = `127.0.0.1:${port}` } = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method, headers: { host } }, (response) => {
        let text = '';
        response.on('data', (data: Buffer) => (text += data.toString()));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
      })
        .on('error', reject)
        .end();
    });
  return { ask, clock };
}

test('the page is made anew for a request, but not oftener than each five seconds, nor twice at once', async () => {
  const { ask, clock } = await served();
  const both = await Promise.all([ask(), ask()]);
  expect(both.map(({ text }) => text)).toEqual(['page 1', 'page 1']);
  clock.at = 4900;
  expect((await ask()).text).toBe('page 1');
  clock.at = 5100;
  expect((await ask()).text).toBe('page 2');
});

test('it is kept nowhere, and browsers may load nothing and run nothing', async () => {
  const { headers } = await (await served()).ask();
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': expect.stringMatching(/^default-src 'none'; style-src 'sha256-/),
    'x-content-type-options': 'nosniff',
  });
});

test('a site elsewhere whose name leads here is not answered, and there is nothing but the page, to be read', async () => {
  const { ask } = await served();
  expect((await ask('/', { host: 'elsewhere.example.org' })).status).toBe(421);
  expect((await ask('/', { host: 'localhost:8420' })).status).toBe(200);
  expect((await ask('/favicon.ico')).status).toBe(404);
  expect((await ask('/', { method: 'POST' })).status).toBe(405);
});

test('a page that could not be made says why, escaped, and the next request tries again', async () => {
  let count = 0;
  const { ask, clock } = await served(async () => {
    count += 1;
    if (count === 1) throw new Error('<b>no engine</b>');
    return 'there it is';
  });
  expect(await ask()).toMatchObject({ status: 500, text: expect.stringContaining('&lt;b&gt;no engine&lt;/b&gt;') });
  clock.at = 5100;
  expect((await ask()).text).toBe('there it is');
});

test('a taken port is told, with another one', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as AddressInfo;
  await expect(servePages('prod', port)).rejects.toThrow(
    `port ${port} of this computer is taken: name another one, as in --serve ${port + 1}`,
  );
});
