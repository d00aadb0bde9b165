import { expect, test } from 'vitest';
import { effectsOf } from '../../../../src/cli/secrets/users.ts';
import { asService } from '../../../../src/model/job.ts';
import { secret } from '../../../../src/model/value.ts';
import { blueprint, container, role } from '../../render/fixtures.ts';

const app = container({ name: 'app', env: { DB: secret('databasePassword') } });
const database = container({ name: 'mysql', rollout: 'replace', env: { DB: secret('databasePassword') } });
const shop = blueprint({
  roles: {
    web: role({
      services: [app, container({ name: 'page' })],
      jobs: [
        {
          name: 'migrate',
          when: { release: true },
          steps: [asService(app, { command: ['migrate'] })],
          deadlineSeconds: 60,
          onceAcrossMachines: true,
        },
      ],
    }),
    database: role({ services: [database] }),
  },
});

test('whoever changes a secret is told what restarts, and what is down meanwhile', () => {
  expect(effectsOf('shop/databasePassword', [shop])).toEqual([
    'shop-web: app is started beside the running one, and no request fails',
    'shop-web: job migrate runs with it in that release',
    'shop-database: mysql is replaced: it is down until it has started again',
  ]);
});

test('the deploy key, a login at a registry and a secret of the cloud restart nothing', () => {
  expect(effectsOf('deployKey', [shop])).toEqual([expect.stringMatching(/^every machine: .* let in/)]);
  expect(effectsOf('registries/ghcr', [shop])).toEqual([expect.stringMatching(/nothing that runs is restarted/)]);
  expect(effectsOf('shop/other', [shop])).toEqual([expect.stringMatching(/no service of the system reads it/)]);
});
