import { expect, test } from 'vitest';
import { berthOn } from '../berth.ts';
import { inMachine, type TestStack } from '../stack.ts';

/** `berth ping` of a healthy, an unhealthy and an unreachable machine */
export function pings(scene: () => TestStack): void {
  const ping = () => berthOn(scene(), ['ping', scene().place.stack]);

  test('a healthy machine is one line, and the command succeeds', async () => {
    const { code, stdout, stderr } = await ping();
    expect({ code, stdout }, stderr).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        /^MACHINE .*\nbasegun-web-0 +ok +[+-]\d+ s +\d+ % of \/\S* +\d+\.\d+\.\d+ +4 of 4 +\d+ days\n$/,
      ),
    });
  });

  test('a paused service is named, and the command fails', async () => {
    const frozen = 'docker ps --quiet --filter label=berth.service=frontend';
    await inMachine(scene(), `docker pause $(${frozen})`);
    try {
      const { code, stdout } = await ping();
      expect({ code, stdout }).toEqual({
        code: 1,
        stdout: expect.stringMatching(/ 3 of 4 .*\nbasegun-web-0: frontend: Up .*\(Paused\)\n$/s),
      });
    } finally {
      await inMachine(scene(), `docker unpause $(${frozen})`);
    }
  });

  test('a machine without sudo or without an SSH server is reported, and the command fails', async () => {
    await inMachine(scene(), 'mkdir /root/sudoers && mv /etc/sudoers.d/* /root/sudoers');
    try {
      expect(await ping()).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/login failed: sudo: a password is required\n$/),
      });
    } finally {
      await inMachine(scene(), 'mv /root/sudoers/* /etc/sudoers.d && rmdir /root/sudoers');
    }
    await inMachine(scene(), 'systemctl stop ssh.socket ssh.service');
    try {
      expect(await ping()).toMatchObject({ code: 1, stdout: expect.stringMatching(/login failed: .*ECONNREFUSED/) });
    } finally {
      await inMachine(scene(), 'systemctl start ssh.service');
    }
  });
}
