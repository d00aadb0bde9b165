import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { pullWanted } from '../../../../../src/clouds/local/images/registry.ts';
import { put, temporaryFolder } from '../../../cli/berth.ts';

const path = process.env.PATH;

afterEach(() => {
  process.env.PATH = path;
});

test('what docker has is not pulled, and an image whose registry does not answer is named', async () => {
  const folder = temporaryFolder();
  // Stands in for docker: it has two images, and notes what else it is asked for
  const docker = `#!/bin/sh\ncase "$1" in image) echo 'redis:7 sha256:1'; echo 'shop.test/page:1 sha256:2' ;; *) echo "$*" >>${folder}/calls ;; esac\n`;
  put(folder, 'docker', docker, 0o755);
  put(folder, 'calls', '');
  process.env.PATH = [folder, path].join(delimiter);
  const images = new Set(['docker.io/library/redis:7', 'shop.test/page:1', 'registry.invalid/app:1']);
  const lines: string[] = [];
  expect(await pullWanted(images, (line) => lines.push(line))).toEqual(['registry.invalid/app:1']);
  expect(readFileSync(join(folder, 'calls'), 'utf8')).toBe('');
  expect(lines.join('\n')).toContain('registry.invalid cannot be reached');
});
