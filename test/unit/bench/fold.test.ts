import { expect, test } from 'vitest';
import { folded } from '../../bench/profile/fold.ts';

const frame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 0 });

test('time is summed by whose code ran, stacks begin at the caller, idle time and ways of this computer are left out', () => {
  const { lines, owners } = folded({
    nodes: [
      { id: 1, callFrame: frame('(root)'), children: [2, 5] },
      { id: 2, callFrame: frame('main', 'file:///somewhere/.berth/bundles/index-0.cjs'), children: [3, 4] },
      {
        id: 3,
        callFrame: frame(
          '../../home/somebody/berth/src/send.ts',
          'file:///somewhere/node_modules/@grpc/grpc-js/call.js',
        ),
      },
      { id: 4, callFrame: frame('(garbage collector)') },
      { id: 5, callFrame: frame('(idle)') },
    ],
    samples: [2, 3, 5, 4],
    timeDeltas: [0, 1000, 2000, 4000, 3000],
  });
  expect(lines).toEqual([
    'main index-0.cjs 1000',
    'main index-0.cjs;src/send.ts @grpc/grpc-js/call.js 2000',
    'main index-0.cjs;(garbage collector) 3000',
  ]);
  expect(Object.fromEntries(owners)).toEqual({
    'berth, with the libraries in its bundle': 1,
    'gRPC and protobuf': 2,
    'garbage collection': 3,
  });
});
