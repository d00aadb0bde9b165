import type { Measure } from '../../tools/lib/figures.ts';
import { client } from '../e2e/client.ts';
import { testStack } from '../e2e/stack.ts';
import { boot } from './boot.ts';
import { preview } from './preview.ts';
import { releases } from './releases.ts';

/** Basegun on a machine of its own, on a stack that is gone afterwards */
export const measure: Measure = async ({ log }) => {
  const stack = await testStack();
  try {
    const up = await stack.up();
    if (up.code !== 0) throw new Error(`Basegun did not come up:\n${up.output}`);
    const { publicAddress: address = '' } = (await stack.outputs()).machines['basegun-web-0'] ?? {};
    const site = await client(stack, address);
    try {
      return [...(await preview(stack, log)), ...(await releases(stack, site)), ...(await boot(stack, address))];
    } finally {
      site.close();
    }
  } finally {
    await stack.remove();
  }
};
