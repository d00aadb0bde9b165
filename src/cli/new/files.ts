import type { Draft } from './draft.ts';
import { readmeText } from './text/readme.ts';
import { systemText } from './text/system.ts';
import { testText } from './text/test.ts';

/** Returns the files of a system by their paths in its project */
export const systemFiles = (draft: Draft): Readonly<Record<string, string>> => ({
  [`systems/${draft.name}/system.ts`]: systemText(draft),
  [`systems/${draft.name}/README.md`]: readmeText(draft),
  [`systems/${draft.name}/test/unit/system.test.ts`]: testText(draft),
});
