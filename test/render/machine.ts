import { rmSync } from 'node:fs';
import { type Answer, containerName, docker, folderOf, machineImage, ownContainer } from './docker.ts';

/** A machine's programs, without its boot: one container, without a network, in which many checks run */
export interface Machine {
  /** Runs a script of bash in the folder of these files */
  run(script: string, files?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Its network, for another container */
  network: string;
  remove(): Promise<void>;
}

/** Starts it; nothing where its image is absent, which each test then says by itself */
export async function startMachine(name: string): Promise<Machine | undefined> {
  const image = await machineImage;
  if ('absent' in image) return undefined;
  const container = containerName(name);
  const options = ['--detach', ...ownContainer(name), '--network', 'none', '--cap-add', 'NET_ADMIN', '--init'];
  const started = await docker('run', ...options, '--entrypoint', 'sleep', image.reference, '300');
  if (started.code !== 0) throw new Error(started.output);
  let number = 0;
  return {
    network: `container:${container}`,
    async run(script, files = {}) {
      number += 1;
      const inside = `/checks/${number}`;
      const own = folderOf(files);
      await docker('exec', container, 'mkdir', '-p', inside);
      const copied = await docker('cp', '--quiet', `${own}/.`, `${container}:${inside}`);
      rmSync(own, { recursive: true });
      if (copied.code !== 0) throw new Error(copied.output);
      return docker('exec', '--workdir', inside, container, 'bash', '-c', script);
    },
    async remove() {
      await docker('rm', '--force', container);
    },
  };
}
