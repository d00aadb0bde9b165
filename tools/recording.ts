import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkout } from '../src/paths.ts';
import { runMain } from '../src/process/command.ts';
import { linter } from './lib/linters.ts';
import { recordingOf } from './recording/frames.ts';
import { svgOf } from './recording/svg.ts';
import { recorded, terminalOf } from './recording/terminal.ts';

const commands = ['npm run local', 'npx berth matrix local'];
const size = { columns: 104, rows: 26 };
const file = join(checkout, 'docs', 'pictures', 'local.svg');

// `npm run recording`: the README's picture, from a real deployment on this computer. It is taken down before and after
void runMain(async () => {
  const place = await linter('vitepress', console.log);
  const down = async () => {
    const terminal = terminalOf(place, size.columns, size.rows);
    await recorded(['npm run local -- --down'], checkout, { terminal, ...size }, (text) => process.stdout.write(text));
  };
  await down();
  const terminal = terminalOf(place, size.columns, size.rows);
  const moments = await recorded(commands, checkout, { terminal, ...size }, (text) => process.stdout.write(text));
  await down();
  const title = `A terminal, faster than it was: ${commands.join(', then ')}`;
  mkdirSync(dirname(file), { recursive: true });
  const picture = svgOf(recordingOf(moments), { ...size, title });
  writeFileSync(file, picture);
  console.log(`${file}: ${Math.ceil(picture.length / 1000)} KB`);
  return 0;
});
