import { expect, test } from 'vitest';
import { read, stackOf } from '../../stack/samples.ts';

/** Mad on this computer, whose API may have several machines */
const mad = (api: object) => () => read(stackOf('mad', 'local', {}, { api: { size: 'small', ...api } }), 'local');

test('a port of this computer shows one machine: a role of several can not have it', () => {
  expect(mad({ count: 2, publish: { 3000: 3000 } })).toThrow(
    '  berth:systems.mad.api.publish\n' +
      '    would publish 2 machines on the same port of this computer\n' +
      '    allowed: publish on a role of one machine\n' +
      '    fix: remove it, or write count: 1; publish a balancer before them instead',
  );
  expect(mad({ count: 2 })).not.toThrow();
  expect(mad({ count: 1, publish: { 3000: 3000 } })).not.toThrow();
});
