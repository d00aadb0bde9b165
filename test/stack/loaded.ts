import { createRequire } from 'node:module';
import * as pulumi from '@pulumi/pulumi';
import { clouds } from '../../src/clouds/registry.ts';
import { program } from '../../src/index.ts';
import { answersOf, functionsOf } from '../../src/policy/answers.ts';
import { configure, recorded } from '../../src/policy/recorded.ts';

// Runs the program of several stacks on mocks, one after the other, in a process of its own, and prints for each which
// packages were loaded for it that weren't before. Argument: the stacks' configurations as JSON.
const [configs = '[]'] = process.argv.slice(2);
void firstLoaded(JSON.parse(configs)).then((first) => console.log(JSON.stringify(first)));

async function firstLoaded(configs: readonly Record<string, unknown>[]): Promise<string[][]> {
  const seen = new Set<string>();
  const first: string[][] = [];
  for (const config of configs) {
    await recorded('prod', answersOf(clouds), functionsOf(clouds));
    configure(config);
    await program({ placeholders: 'accepted' });
    await pulumi.runtime.disconnect();
    const own = packages().filter((name) => !seen.has(name));
    first.push(own);
    for (const name of own) seen.add(name);
  }
  return first;
}

/** The SDKs are CommonJS, which Node keeps here by file */
function packages(): string[] {
  const files = Object.keys(createRequire(import.meta.url).cache);
  return [...new Set(files.flatMap((file) => /node_modules\/(@[^/]+\/[^/]+|[^/]+)\//.exec(file)?.[1] ?? []))];
}
