import { expect, test } from 'vitest';
import { containersOf, dockerImages } from '../../../../src/clouds/local/wanted.ts';
import { localSettings, read, stackOf } from '../../../stack/samples.ts';

const wantedOf = (...given: Parameters<typeof stackOf>) => containersOf(read(stackOf(...given), 'local').blueprints);
const named = (name: string, all: ReturnType<typeof wantedOf>) => all.find((container) => container.name === name);

test('a machine takes more with each service and each image, whatever its size, and shows its ports', () => {
  const web = (own: object) =>
    named('basegun-web-0', wantedOf('basegun', 'local', {}, { web: { size: 'small', ...own } }));
  // An edge, two halves of the application, a shipper
  const takes = { name: 'basegun-web-0', memoryMb: 60 + 4 * 35, diskMb: 10 + 4 * 180 };
  expect(web({})).toEqual({ ...takes, publish: [] });
  const publish = [{ machinePort: 443, hostPort: 8443 }];
  expect(web({ size: 'large', publish: { 443: 8443 } })).toEqual({ ...takes, publish });
});

test('a supervised process has no image', () => {
  expect(named('catalogage-web-0', wantedOf('catalogage', 'local'))).toMatchObject({
    memoryMb: 60 + 3 * 35,
    diskMb: 10,
  });
});

test("a log stream takes most of what stands in for a cloud's own services", () => {
  const { memoryMb = 0 } = named('basegun-app', wantedOf('basegun', 'local')) ?? {};
  expect(memoryMb).toBeGreaterThan(500);
  expect(named('basegun-uploads', wantedOf('basegun', 'local'))?.memoryMb).toBeLessThan(50);
});

test('each image is asked for once', () => {
  const one = { ...localSettings, firewallImage: localSettings.machineImage };
  expect(dockerImages(one)).toEqual(['berth/machine:1', 'registry:1', 'store:1', 'logs:1', 'acme:1']);
});

test('a git repository that this computer stands in for is a container, and one elsewhere is none', () => {
  const repository = (url: string) =>
    named('catalogage-repository-0', wantedOf('catalogage', 'local', {}, { repository: url }));
  expect(repository('http://git.berth.test/catalogage.git')).toMatchObject({ publish: [] });
  expect(repository('https://git.example.org/catalogage.git')).toBeUndefined();
});
