import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { serveSite } from '../../../tools/docs/serve.ts';
import { temporaryFolder } from '../cli/berth.ts';

async function served(base = '/') {
  const outside = temporaryFolder();
  const folder = join(outside, 'site');
  mkdirSync(join(folder, 'reference'), { recursive: true });
  writeFileSync(join(outside, 'secret.html'), 'secret');
  writeFileSync(join(folder, 'index.html'), 'first');
  writeFileSync(join(folder, 'reference', 'keys.html'), 'keys');
  const { server, url } = await serveSite(folder, base, 0);
  onTestFinished(() => void server.close());
  return { server, url };
}

const read = async (url: string): Promise<string> => {
  const answer = await fetch(url);
  return `${answer.status} ${(await answer.text()).trim()}`;
};

test('the site is served on this computer alone, pages with and without their ending', async () => {
  const { server, url } = await served();
  expect(server.address()).toMatchObject({ address: '127.0.0.1' });
  expect(await read(url)).toBe('200 first');
  expect(await read(`${url}reference/keys.html`)).toBe('200 keys');
  expect(await read(`${url}reference/keys`)).toBe('200 keys');
  expect(await read(`${url}gone.html`)).toBe('404 there is no such page');
});

test('below a path of its own, too', async () => {
  const { url } = await served('/berth/');
  expect(url).toMatch(/\/berth\/$/);
  expect(await read(`${url}reference/keys.html`)).toBe('200 keys');
});

test('nothing outside of the folder is served, and an address that is none ends nothing', async () => {
  const { url } = await served();
  for (const path of ['/../secret.html', '/%2e%2e/secret.html', '/..%2fsecret.html', '/%']) {
    const status = await new Promise((resolve) => {
      request(url, { path }, ({ statusCode }) => resolve(statusCode)).end();
    });
    expect(status, path).toBe(404);
  }
});

test('where its port is taken, it takes another', async () => {
  const { url: first } = await served();
  const { server, url } = await serveSite(temporaryFolder(), '/', Number(new URL(first).port));
  onTestFinished(() => void server.close());
  expect(url).not.toBe(first);
});
