import { inMachine, type TestStack } from '../../stack.ts';

/**
 * Runs an action while everything that a release writes of its own, also its routes, lies on a real file system of 1 GB;
 * the edge is started again before and after, since it reads from there
 */
export async function onSmallDisk<T>(stack: TestStack, action: () => Promise<T>): Promise<T> {
  await inMachine(
    stack,
    `set -e; truncate -s 1G ${image}; mkfs.ext4 -q -m 0 ${image}; mkdir -p /mnt/small
     [ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
     for one in $(seq 0 63); do [ -e /dev/loop$one ] || mknod /dev/loop$one b 7 $one; done
     mount -o loop ${image} /mnt/small; rmdir /mnt/small/lost+found; cp -a ${state}/. /mnt/small/
     mount --bind /mnt/small ${state}; umount /mnt/small
     ${restartedEdge}`,
  );
  try {
    return await action();
  } finally {
    await inMachine(
      stack,
      `set -e; ${isSmall}; rm -f ${filling}; mount --bind ${state} /mnt/small; umount ${state}
       find ${state} -mindepth 1 -delete; cp -a /mnt/small/. ${state}/; umount --lazy /mnt/small; rm ${image}
       ${restartedEdge}`,
    );
  }
}

/** Leaves no byte of it free */
export const filled = (stack: TestStack): Promise<string> =>
  inMachine(
    stack,
    `set -e; ${isSmall}
     fallocate -l $(($(stat -fc '%a*%S' ${state}) - 1048576)) ${filling}; dd if=/dev/zero of=${filling} bs=4k oflag=append conv=notrunc 2>/dev/null || true
     [ "$(stat -fc %a ${state})" -lt 2 ]`,
  );

export const emptied = (stack: TestStack): Promise<string> => inMachine(stack, `rm ${filling}`);

const state = '/var/lib/berth';
/** On the volume of the machine's docker: the root of a container is no place for a file that is mounted */
const image = '/var/lib/docker/small-disk.img';
/** Nothing else is ever filled: the machine's own disk is that of this computer */
const isSmall = `findmnt -no SOURCE --mountpoint ${state} | grep -q ^/dev/loop`;
const filling = `${state}/filling`;
const restartedEdge = 'docker restart $(docker ps --quiet --filter label=berth.service=traefik) >/dev/null';
