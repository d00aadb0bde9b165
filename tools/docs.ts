import { spawn } from 'node:child_process';
import { relative } from 'node:path';
import { runMain } from '../src/process/command.ts';
import { interrupted } from '../src/process/interrupt.ts';
import { duration } from '../src/process/progress.ts';
import { buildDocs } from './docs/build.ts';

// `npm run docs`: builds the documentation's site; `-- --serve` then serves it on this computer alone
void runMain(async () => {
  const startedAt = Date.now();
  const lines: string[] = [];
  const { site, pages, program, env, count } = await buildDocs((line) => lines.push(line)).catch((error: unknown) => {
    console.error(lines.join('\n'));
    throw error;
  });
  const took = duration((Date.now() - startedAt) / 1000);
  console.log(`${relative(process.cwd(), site)}: ${count} pages in ${took}; every link leads somewhere`);
  if (!process.argv.includes('--serve')) return 0;
  const words = [program, 'preview', pages, '--host', '127.0.0.1'];
  const server = spawn(process.execPath, words, { env, stdio: 'inherit', signal: interrupted });
  return new Promise((resolve) => {
    server.once('error', () => resolve(0));
    server.once('exit', (code) => resolve(code ?? 0));
  });
});
