import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { checkout } from '../src/paths.ts';
import { runAttached } from '../src/process/attached.ts';
import { runMain } from '../src/process/command.ts';
import { type Audit, audits } from './lib/audits.ts';
import { linter } from './lib/linters.ts';

// `npm run audit`, each night: the known vulnerabilities of every package that a lock file or a Go module of this checkout names.
// It ends with 1 where one is found, or where a database does not answer.

void runMain(async () => {
  const { stdout } = await promisify(execFile)('git', ['ls-files'], { cwd: checkout });
  const govulncheck = await linter('govulncheck', (line) => console.error(line));
  const programs = { npm: 'npm', go: govulncheck };
  const failed: Audit[] = [];
  for (const audit of audits(stdout.split('\n'))) {
    console.log(`\n${audit.file}`);
    const code = await runAttached(programs[audit.by], audit.words, {
      cwd: join(checkout, dirname(audit.file)),
      env: process.env,
    });
    if (code !== 0) failed.push(audit);
  }
  console.log(failed.length === 0 ? '\nnothing is known of these packages' : '\nfound, or not answered:');
  for (const { file } of failed) console.log(`  ${file}`);
  return failed.length === 0 ? 0 : 1;
});
