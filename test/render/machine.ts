import { join } from 'node:path';
import { type Answer, containerName, docker, folderOf, machineImage, ownContainer, writeFiles } from './docker.ts';

/** A machine's programs, without its boot: one container, without a network, in which many checks run */
export interface Machine {
  /** Runs a script of bash as root in a folder with these files, all of them root's */
  run(script: string, files?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Its network, for another container */
  network: string;
  remove(): Promise<void>;
}

/**
 * Starts it; nothing where its image is absent, which each test then says by itself
 * @param rights further options of `docker run`. @default none
 */
export async function startMachine(name: string, rights: readonly string[] = []): Promise<Machine | undefined> {
  const image = await machineImage;
  if ('absent' in image) return undefined;
  const folder = folderOf({});
  const container = containerName(name);
  const options = [
    '--detach',
    ...ownContainer(name),
    '--network',
    'none',
    '--cap-add',
    'NET_ADMIN',
    ...rights,
    '--init',
  ];
  const place = ['--volume', `${folder}:/given:ro`, '--entrypoint', 'sleep'];
  const started = await docker('run', ...options, ...place, image.reference, '3600');
  if (started.code !== 0) throw new Error(started.output);
  let number = 0;
  return {
    network: `container:${container}`,
    run(script, files = {}) {
      number += 1;
      writeFiles(join(folder, `${number}`), files);
      const own = `mkdir /root/${number}; cd /root/${number}; cp --recursive /given/${number}/. .`;
      return docker('exec', container, 'bash', '-c', `${own}\n${script}`);
    },
    async remove() {
      await docker('rm', '--force', container);
    },
  };
}
