import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/error.ts';
import { environmentInput } from '../../src/config/file.ts';
import { parsedValues } from '../../src/config/values.ts';
import { manyOddities } from '../unit/config/scalars.ts';
import { type Project, temporaryProject } from './engine.ts';
import { theProgram } from './recordingStack.ts';

let project: Project;
let head: string;

beforeAll(async () => {
  project = await temporaryProject({});
  await project.program(`
    import * as pulumi from '@pulumi/pulumi';
    import { writeFileSync } from 'node:fs';
    writeFileSync('read.json', JSON.stringify(pulumi.runtime.allConfig()));
  `);
  head = await readFile(join(project.folder, 'Pulumi.test.yaml'), 'utf8');
});

afterAll(() => project?.remove());

const textOf = (words: readonly string[]): string =>
  `config:\n  berth:systems:\n    list:\n${words.map((word) => `      - ${word}\n`).join('')}    80: 8080\n    keys: { yes: 1, no: 2, on: 3 }\n`;

async function engineReads(text: string): Promise<unknown> {
  await writeFile(join(project.folder, 'Pulumi.test.yaml'), `${head}\n${text}`);
  const run = await project.run('preview');
  expect(run.code, run.output).toBe(0);
  return parsedValues(JSON.parse(await readFile(join(project.folder, 'read.json'), 'utf8')));
}

function offline(text: string): unknown {
  try {
    return environmentInput(text, 'file', 'test').config;
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

test('whatever the offline commands read, the engine reads the same', async () => {
  const words = manyOddities().filter((word) => offline(textOf([word])) !== undefined);
  expect(words.length).toBeGreaterThan(500);
  expect(words).not.toContain('2024-05-01');
  const text = textOf(words);
  expect(await engineReads(text)).toEqual(JSON.parse(JSON.stringify(offline(text))));
});

test('placeholders of a file are refused where something would be made, each with its line', async () => {
  await project.program(theProgram);
  const text = `config:
  berth:operators:
    networks: [198.51.100.0/24]
    sshPublicKeys: []
  berth:systems:
    mad:
      cloud: aws
      region: eu-west-2
      contact: ops@example.org
`;
  const file = `${head}\n${text}`;
  await writeFile(join(project.folder, 'Pulumi.test.yaml'), file);
  const run = await project.run('preview');
  expect(run.code).not.toBe(0);
  const line = (words: string) => file.split('\n').findIndex((one) => one.includes(words)) + 1;
  expect(run.output).toContain(`berth:operators.networks[0] (line ${line('networks')})`);
  expect(run.output).toMatch(/`198\.51\.100\.0\/24` is a placeholder, which can't be deployed/);
  expect(run.output).toContain(`berth:systems.mad.contact (line ${line('contact')})`);
});

test('a word that they would read in two ways is refused by the engine as by the offline commands', async () => {
  await project.program(theProgram);
  await writeFile(join(project.folder, 'Pulumi.test.yaml'), `${head}\n${textOf(['2024-05-01', '1_000', 'a'])}`);
  const run = await project.run('preview');
  expect(run.code).not.toBe(0);
  expect(run.output).toMatch(
    /line \d+, column 9\s+is read as a date, not as the written text\s+fix: put it in quotes: '2024-05-01'/,
  );
  expect(run.output).toContain("put it in quotes: '1_000'");
});
