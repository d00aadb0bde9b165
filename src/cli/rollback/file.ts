import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProject, readEnvironmentFile } from '../../config/file.ts';
import { captured } from '../../process/captured.ts';
import { stackName } from '../../pulumi/stackName.ts';
import { withVersion } from '../setVersion/change.ts';

export interface FileChange {
  /** Writes the file; returns what is to be said of it */
  apply(): readonly string[];
}

/**
 * Returns the change that sets a version in a stack's file, as `berth set-version` does
 * @throws where the file would be wrong with that version
 */
export async function fileChange(stack: string, system: string, version: string): Promise<FileChange> {
  const name = stackName(stack);
  const source = `Pulumi.${name}.yaml`;
  const project = findProject(process.cwd());
  const file = join(project, source);
  readEnvironmentFile(file, name);
  const { text, former } = withVersion(readFileSync(file, 'utf8'), { stack: name, source, system, version });
  const tracked = await isTracked(project, source);
  return {
    apply() {
      if (former === version) return [`${source} names ${system} ${version} already`];
      writeFileSync(file, text);
      const commit = `commit it, or the next deployment of the repository brings ${former} again`;
      return [`${source}: ${system} ${former} → ${version}${tracked ? `. It is under git: ${commit}` : ''}`];
    },
  };
}

async function isTracked(folder: string, file: string): Promise<boolean> {
  const asked = captured('git', ['ls-files', '--error-unmatch', '--', file], { cwd: folder, env: process.env });
  return asked.then(
    ({ code }) => code === 0,
    () => false,
  );
}
