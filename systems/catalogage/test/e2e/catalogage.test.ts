import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { berthOn } from '../../../../test/e2e/berth.ts';
import { eventually } from '../../../../test/e2e/client.ts';
import { leftOf } from '../../../../test/e2e/inspect.ts';
import { actions } from './scene/actions.ts';
import { faults } from './scene/faults.ts';
import { firstDatas } from './scene/firstData.ts';
import { interrupted } from './scene/interrupted.ts';
import { migrations } from './scene/migrations.ts';
import { ownDatabase } from './scene/ownDatabase.ts';
import { proxied } from './scene/proxied.ts';
import { refusals } from './scene/refusals.ts';
import { releases } from './scene/releases.ts';
import { makeScene, type Scene } from './scene/scene.ts';
import { standing } from './scene/standing.ts';

let scene: Scene;
const { machine, serving } = actions(() => scene);

beforeAll(async () => {
  scene = await makeScene();
});

afterAll(async () => {
  scene?.site.close();
  await scene?.remove();
});

describe('a proxy that opens what passes', () => proxied(() => scene));

standing(() => scene);
releases(() => scene);
refusals(() => scene);

test('a renewed certificate is taken up by the program that renews it', async () => {
  const serial = () =>
    machine(
      'openssl s_client -connect 127.0.0.1:443 -servername catalogage.localhost </dev/null 2>/dev/null | openssl x509 -noout -serial',
    );
  const before = await serial();
  await machine(
    'systemctl is-active berth-certificate-catalogage.timer && systemctl start berth-certificate-catalogage.service',
  );
  expect(await serial()).toBe(before);
  await machine('dehydrated --config /etc/berth/catalogage/acme/config --cron --force');
  expect(await eventually(60, serial, (now) => now !== before)).not.toBe(before);
});

test('what a process says is told with its time, the last lines or all since a moment', async () => {
  const logs = async (...words: string[]) => {
    const { place } = scene.stack;
    const { stdout } = await berthOn(scene.stack, ['logs', place.stack, 'catalogage', '--service', 'server', ...words]);
    return stdout.trimEnd().split('\n');
  };
  const said = /^\d{4}-\d\d-\d\dT[\d:.]+Z catalogage-web-0 server \| ./;
  const last = await logs('--lines', '2');
  expect(last).toEqual([expect.stringMatching(said), expect.stringMatching(said)]);
  expect(await logs('--since', '1h')).toEqual(expect.arrayContaining(last));
});

test('when supervisor and nginx start anew, everything serves again by itself', async () => {
  await machine('systemctl restart supervisor.service nginx.service');
  expect(await eventually(240, serving, (versions) => String(versions) === 'four,four')).toEqual(['four', 'four']);
});

describe('what goes wrong on the machine or beside it', () => faults(() => scene));

describe('the first data of an environment', () => firstDatas(() => scene));

describe('a commit whose schema is another', () => migrations(() => scene));

describe('a migration that is interrupted', () => interrupted(() => scene));

describe('a database of its own', () => ownDatabase(() => scene));

test('taken down, it leaves nothing', async () => {
  scene.site.close();
  await scene.remove();
  expect(await leftOf(scene.stack)).toEqual([]);
});
