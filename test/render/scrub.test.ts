import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test.each<[string, string[], string, string]>([
  [
    'every secret goes, each time',
    ['hunter22', 'swordfish'],
    'hunter22 swordfish hunter22',
    '[secret] [secret] [secret]',
  ],
  ['a secret that the mark itself contains ends too', ['secret'], 'a secret', 'a [secret]'],
  ['what a pattern would mean is taken as it is', ['a.c*[x'], 'a.c*[x abc', '[secret] abc'],
  ['a line that is too short to be one stays', ['no'], 'no secret', 'no secret'],
  ['on a machine without secrets every line is shown', [], 'panic: no route\nexit 1', 'panic: no route\nexit 1'],
  ['a secret that begins another leaves nothing of it', ['pass', 'passphrase'], 'a passphrase', 'a [secret]'],
])('%s', (_name, secrets, line, expected) => {
  expect(scrubbed(secrets, line)).toBe(`${expected}\n`);
});

test('a release that has not taken its place yet is scrubbed by the list that came with it', () => {
  expect(shown('hunter22', listed, 'a folder')).toBe('[secret]\n');
});

test('without a list nothing is shown, and that is said', () => {
  expect(shown('hunter22', listed, 'nowhere')).toBe("(output withheld: the release's list of secrets can't be read)\n");
});

const listed = `
import runpy
main = runpy.run_path(sys.path[0] + "/__main__.py", run_name="engine")
teller = Teller(main["_secrets"](__import__("pathlib").Path(sys.argv[1])))`;
const given = 'teller = Teller(json.loads(sys.argv[1]))';

const scrubbed = (secrets: readonly string[], line: string): string => shown(line, given, JSON.stringify(secrets));

/** What the engine on a machine shows of a log line */
function shown(line: string, teller: string, secrets: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'berth-scrub-'));
  try {
    writeFileSync(join(folder, 'secrets.json'), '["hunter22"]');
    const word = teller === given ? secrets : secrets === 'nowhere' ? `${folder}/nowhere` : folder;
    const host = new URL('../../src/hosts/host', import.meta.url).pathname;
    const script = `import json, sys\nsys.path.insert(0, ${JSON.stringify(host)})\nfrom tell import Teller\n${teller}\nprint(teller.scrub(sys.stdin.read()))`;
    return execFileSync('python3', ['-IBc', script, word], { input: line, encoding: 'utf8', timeout: 20_000 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
