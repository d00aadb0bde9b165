import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { archive } from '../../../src/render/archive.ts';
import { anyText } from '../../anyText.ts';

const bundleOf = (entries: Record<string, string>) => ({ system: 'shop', hash: '0123456789abcdef', entries });

const name = fc.stringMatching(/^[a-z][a-z0-9.{}<>_-]{0,12}$/);
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.map((part) => `f${part}`).join('/'));
const entries = fc
  .dictionary(path, anyText({ maxLength: 200 }), { minKeys: 1, maxKeys: 12, noNullPrototype: true })
  // A file can't be a folder too
  .filter((made) => !Object.keys(made).some((a) => Object.keys(made).some((b) => b.startsWith(`${a}/`))));

test('the first line is the length and the hash of the rest', () => {
  fc.assert(
    fc.property(entries, (made) => {
      const text = archive(bundleOf(made));
      const [head = '', body = '', ...rest] = text.split('\n');
      expect(rest).toEqual([]);
      expect(head).toBe(`${Buffer.byteLength(body)} ${createHash('sha256').update(body).digest('hex')}`);
      expect(body).toMatch(/^[A-Za-z0-9+/=]+$/);
    }),
  );
});

test('the same files in another order give the same text', () => {
  fc.assert(
    fc.property(entries, (made) => {
      expect(archive(bundleOf(Object.fromEntries(Object.entries(made).reverse())))).toBe(archive(bundleOf(made)));
    }),
  );
});

test('tar unpacks the same files, for their owner alone', () => {
  fc.assert(
    fc.property(entries, (made) => {
      expect(unpacked(archive(bundleOf(made)))).toEqual(made);
    }),
    { numRuns: 15 },
  );
});

test('each bundle has its own engine, whichever was packed before', () => {
  const engine = { 'engine/a.py': 'one', 'engine/b.py': 'two' };
  const others = [
    engine,
    { ...engine, 'engine/b.py': 'three' },
    { 'engine/a.py': 'one', 'engine/c.py': 'two' },
    { 'engine/a.py': 'one' },
  ];
  for (const made of [...others, engine].map((one) => ({ ...one, 'release.json': '{}' })))
    expect(unpacked(archive(bundleOf(made)))).toEqual(made);
});

test('more than 4 MB is refused, and the biggest entries are named', () => {
  const big = randomBytes(3_200_000).toString('base64');
  expect(() => archive(bundleOf({ small: 'a', 'files/etc/big': big, 'files/etc/less': 'b'.repeat(9) }))).toThrow(
    /^the bundle of shop takes \d+ bytes compressed, at most 4000000 are allowed; its biggest entries: files\/etc\/big \(\d+ bytes\), files\/etc\/less \(9 bytes\), small/,
  );
});

test('a path that a tar would cut is refused by name', () => {
  const long = `files/${'a'.repeat(95)}`;
  expect(() => archive(bundleOf({ [long]: 'a' }))).toThrow(`the path ${long} in the bundle of shop is longer than 100`);
  expect(unpacked(archive(bundleOf({ [long.slice(1)]: 'a' })))).toEqual({ [long.slice(1)]: 'a' });
});

/** As the machine does it */
function unpacked(text: string): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-archive-'));
  try {
    const body = text.slice(text.indexOf('\n') + 1);
    const script = 'umask 077; base64 -d | tar -xz -C "$1"';
    const { status, stderr } = spawnSync('bash', ['--norc', '-c', script, '-', folder], {
      input: body,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return Object.fromEntries(
      files.map((entry) => {
        const file = join(entry.parentPath, entry.name);
        expect(statSync(file).mode & 0o777).toBe(0o600);
        return [relative(folder, file), readFileSync(file, 'utf8')];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
