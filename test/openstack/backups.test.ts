import { randomBytes } from 'node:crypto';
import { beforeAll, describe, inject } from 'vitest';
import { z } from 'zod';
import { promisesOf } from '../repositories/promises.ts';
import type { Repository } from '../repositories/restic.ts';
import { started } from './services.ts';
import { tenant } from './tenant.ts';

// The same as at Swift behind a stand-in, in the project `render`: what berth gives restic is what Keystone asks for

describe('Swift behind Keystone', () => {
  let repository: Repository;

  beforeAll(async () => {
    const project = `backups-${randomBytes(3).toString('hex')}`;
    const { api, environment } = await tenant(await started(inject('openstack')), project);
    const names = async (bucket: string) =>
      listing.parse(await api.get('object-store', `/${bucket}?format=json`)).map(({ name }) => name);
    repository = {
      storage: 'swift',
      facts: {
        ...{ endpoint: environment.OS_AUTH_URL ?? '', region: 'GRA', project },
        ...{ username: environment.OS_USERNAME ?? '', password: environment.OS_PASSWORD ?? '' },
      },
      key: 'password',
      make: async () => undefined,
      objects: async (bucket) =>
        Object.fromEntries(
          await Promise.all(
            (await names(bucket)).map(async (name) => [name, await api.text('object-store', `/${bucket}/${name}`)]),
          ),
        ),
      async lose(bucket) {
        for (const name of await names(bucket)) await api.send('DELETE', 'object-store', `/${bucket}/${name}`);
        await api.send('DELETE', 'object-store', `/${bucket}`);
      },
    };
  });

  promisesOf(() => repository);
});

const listing = z.array(z.object({ name: z.string() }));
