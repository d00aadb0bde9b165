import { writeFile } from 'node:fs/promises';
import { gathered } from './gather.ts';
import { page } from './page.ts';

/**
 * Writes the page of a stack to a file, which its owner alone may read
 * @returns whether the stack is healthy
 */
export async function writePage(stack: string, file: string): Promise<boolean> {
  const data = await gathered(stack);
  const text = page(data);
  await writeFile(file, text, { mode: 0o600 });
  console.log(`wrote ${file}, ${Math.ceil(Buffer.byteLength(text) / 1000)} kB`);
  return data.report.healthy;
}
