import { systemStack, type TestStack } from '../../../../../test/e2e/stack.ts';

/** A small machine of Mad on this computer */
export const machine = { size: 'small', diskGb: 10 } as const;
export const password = 'mad-e2e-0123456789abcdef';

/**
 * A stack with Mad alone, each role on one small machine
 * @param roles options of roles in the place of that
 */
export const madStack = (roles: Readonly<Record<string, object>>): Promise<TestStack> =>
  systemStack({
    name: 'mad',
    entry: {
      ...{ cloud: 'local', version: 'v1.0.0', contact: 'ops@example.org' },
      domains: { api: 'api.mad.localhost', web: 'mad.localhost' },
      ...{ api: machine, balancer: machine, web: machine, client: machine, redis: machine },
      ...roles,
    },
    secrets: { redisPassword: password },
  });
