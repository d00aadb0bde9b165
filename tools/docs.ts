import { relative } from 'node:path';
import { runMain } from '../src/process/command.ts';
import { interrupted } from '../src/process/interrupt.ts';
import { duration } from '../src/process/progress.ts';
import { buildDocs } from './docs/build.ts';
import { serveSite } from './docs/serve.ts';

// `npm run docs`: builds the documentation's site; `-- --serve` then serves it on this computer alone
void runMain(async () => {
  const startedAt = Date.now();
  const lines: string[] = [];
  const { site, base, count } = await buildDocs((line) => lines.push(line)).catch((error: unknown) => {
    console.error(lines.join('\n'));
    throw error;
  });
  const took = duration((Date.now() - startedAt) / 1000);
  console.log(`${relative(process.cwd(), site)}: ${count} pages in ${took}; every link leads somewhere`);
  if (!process.argv.includes('--serve')) return 0;
  const { server, url } = await serveSite(site, base);
  console.log(`${url}, until Ctrl-C`);
  return new Promise((resolve) => {
    interrupted.addEventListener('abort', () => {
      server.closeAllConnections();
      server.close(() => resolve(0));
    });
  });
});
