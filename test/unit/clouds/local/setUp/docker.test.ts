import { expect, test } from 'vitest';
import { noDocker } from '../../../../../src/clouds/local/setUp/docker.ts';

test('an engine that this user may not use is told apart from none, with the command that helps', () => {
  const denied = 'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock';
  expect(noDocker(denied, 'installing needs root')).toBe(
    'a docker engine runs, but this user may not use it: run sudo usermod -aG docker $USER and log in again, or run the same command with sudo',
  );
});

test('where none answers, docker’s own words and what berth can not do are one sentence', () => {
  expect(noDocker('Cannot connect to the Docker daemon', 'installing needs root')).toBe(
    'no docker engine answers (Cannot connect to the Docker daemon) and installing needs root',
  );
});
