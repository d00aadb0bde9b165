import { execFile } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { berthHere, checkout, notReady, put, temporaryFolder } from '../unit/cli/berth.ts';

test('what is found on a stack is meant, whatever credentials this shell has', async () => {
  const { code, stdout, stderr } = await berthHere(['policies', 'preprod', '--json'], checkout, {
    AWS_PROFILE: 'a real one',
    OS_APPLICATION_CREDENTIAL_ID: 'another',
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(notReady('preprod')) });
  const { stack, resources, findings } = JSON.parse(stdout);
  expect({ stack, many: resources > 100 }).toEqual({ stack: 'preprod', many: true });
  // Of each cloud: the program was run to its end
  expect(new Set(findings.map(({ ids }: { ids: string[] }) => ids[0]?.slice(0, 3)))).toEqual(
    new Set(['AWS', 'AZU', 'OPN']),
  );
  expect(findings.filter(({ why }: { why?: string }) => why === undefined)).toEqual([]);
  expect(stdout).not.toMatch(/Hunter2|PRIVATE KEY|os-password/);
});

test('what no exception names stands first, and ends with 1', async () => {
  const folder = temporaryFolder();
  for (const part of ['src', 'systems', 'templates', 'package.json', 'Pulumi.yaml'])
    cpSync(join(checkout, part), join(folder, part), { recursive: true });
  const { config } = parse(readFileSync(join(checkout, 'Pulumi.preprod.yaml'), 'utf8'));
  put(
    folder,
    'Pulumi.preprod.yaml',
    stringify({ config: { ...config, 'berth:systems': { mad: config['berth:systems'].mad } } }),
  );
  symlinkSync(join(checkout, 'node_modules'), join(folder, 'node_modules'));
  const machine = join(folder, 'src/clouds/aws/machine.ts');
  const text = readFileSync(machine, 'utf8');
  writeFileSync(machine, text.replace("httpTokens: 'required'", "httpTokens: 'optional'"));
  const words = [join(folder, 'src/start/berth.js'), 'policies', 'preprod'];
  const failed = await promisify(execFile)(process.execPath, words, { cwd: folder }).catch((error) => error);
  expect({ code: failed.code, stderr: failed.stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(notReady('preprod')),
  });
  const [head, first] = failed.stdout.split('\n');
  expect(head).toMatch(/^RULE +RESOURCE +REQUIREMENT +ACCEPTED BECAUSE$/);
  expect(first).toMatch(/^AWS-0028 AWS-0130 CKV_AWS_79 +mad-api-0 +the metadata .* +VIOLATED, and not accepted/);
  expect(failed.stdout).toMatch(/ findings: \d+ not accepted\.\n$/);
});
