import type { Captured } from '../../src/process/captured.ts';
import { runbookOf } from '../runbooks.ts';
import { berthOn } from './berth.ts';
import type { TestStack } from './stack.ts';

/** Runs the command with which a runbook of a page begins; what it says, on both outputs, and its code */
export async function followed(
  stack: TestStack,
  page: string,
  heading: string,
): Promise<Pick<Captured, 'code'> & { said: string }> {
  const { words } = runbookOf(page, heading);
  const { code, stdout, stderr } = await berthOn(
    stack,
    words.map((word) => (word === '<stack>' ? stack.place.stack : word)),
  );
  return { code, said: `${stdout}${stderr}` };
}
