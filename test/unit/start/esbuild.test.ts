import module from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkout } from '../../../src/paths.ts';
import { load } from '../../../src/start/esbuild.js';

test('a module is loaded with its imports; where Node.js can, what V8 compiled is kept for the next start', async () => {
  const kept: string[] = [];
  const real = Object.getOwnPropertyDescriptor(module, 'enableCompileCache');
  Object.defineProperty(module, 'enableCompileCache', {
    configurable: true,
    value: (place: string) => kept.push(place),
  });
  try {
    const { checkout: found } = await load('src/paths.ts');
    expect(found).toBe(checkout);
    expect(kept).toEqual([join(checkout, '.berth', 'bundles', 'compiled')]);
  } finally {
    if (real) Object.defineProperty(module, 'enableCompileCache', real);
    else Reflect.deleteProperty(module, 'enableCompileCache');
  }
});
