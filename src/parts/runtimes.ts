import type { Runtimes } from '../model/runtimes.ts';

/** The options of `fields.runtimes`, as they are given */
export interface RuntimeOptions {
  python?: string;
  node?: string | number;
  runtimeMirror?: string;
}

/** Returns `runtimes` of a source from the options of `fields.runtimes`; nothing where Debian's own versions do */
export function runtimes({ python, node, runtimeMirror: mirror }: RuntimeOptions): { runtimes?: Runtimes } {
  if (python === undefined && node === undefined) return {};
  const versions = { ...(python !== undefined && { python }), ...(node !== undefined && { node: `${node}` }) };
  return { runtimes: { ...versions, ...(mirror !== undefined && { mirror }) } };
}
