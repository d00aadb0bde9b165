// Writes build/: the program, with the addresses of the API compiled in, as Vite does
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const { VITE_API_SSR_URL, VITE_API_BROWSER_URL } = process.env;
if (!VITE_API_SSR_URL || !VITE_API_BROWSER_URL) throw new Error('VITE_API_SSR_URL and VITE_API_BROWSER_URL are needed');
const source = readFileSync(new URL('src/index.js', import.meta.url), 'utf8');
mkdirSync(new URL('build/', import.meta.url), { recursive: true });
writeFileSync(
  new URL('build/index.js', import.meta.url),
  source.replace('{{ssr}}', VITE_API_SSR_URL).replace('{{browser}}', VITE_API_BROWSER_URL),
);
