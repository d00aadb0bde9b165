import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkout, generated } from '../../src/paths.ts';
import { runLogged } from '../../src/process/stage.ts';
import { linter } from '../lib/linters.ts';
import { brokenLinks } from './brokenLinks.ts';
import { gather } from './gather.ts';
import { generatedPages } from './generatedPages.ts';

type Log = (line: string) => void;

/** Settings and look of the site */
const ours = join(checkout, 'tools', 'docs', 'site');

export interface Built {
  /** Folder with the site's files */
  site: string;
  /** Path under which it is served */
  base: string;
  /** Of its pages */
  count: number;
}

/**
 * Builds the documentation's site from nothing and checks its links. No network is used once VitePress is in the cache.
 * @throws where a page can't be built or a link leads nowhere
 */
export async function buildDocs(log: Log, folder = join(generated, 'docs')): Promise<Built> {
  const program = await linter('vitepress', log);
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, BERTH_DOCS_BASE: base = '/' } = process.env;
  const source = server && repository ? `${server}/${repository}/blob/main` : undefined;
  const site = join(folder, 'site');
  const pages = join(folder, 'pages');
  const found = await gather(checkout, generatedPages(), source);
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of found.pages) put(join(pages, path), text);
  for (const picture of found.pictures) put(join(pages, 'public', picture), readFileSync(join(checkout, picture)));
  cpSync(ours, join(pages, '.vitepress'), { recursive: true });
  cpSync(join(ours, 'icon.svg'), join(pages, 'public', 'icon.svg'));
  put(join(pages, '.vitepress', 'navigation.json'), JSON.stringify(found.navigation));
  put(join(pages, 'package.json'), '{ "type": "module" }');
  // Where VitePress is kept is where its settings find it
  symlinkSync(dirname(dirname(program)), join(pages, 'node_modules'));
  const env = { ...process.env, BERTH_DOCS_OUT: site, BERTH_DOCS_BASE: base };
  await runLogged(process.execPath, [program, 'build', pages], { log, cwd: pages, env, timeoutSeconds: 300 });
  const broken = brokenLinks(site, base);
  if (broken.length > 0) throw new Error(`links of the documentation that lead nowhere:\n${broken.join('\n')}`);
  return { site, base, count: found.pages.size };
}

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
