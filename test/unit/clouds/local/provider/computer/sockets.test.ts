import { expect, test } from 'vitest';
import { listenerOf } from '../../../../../../src/clouds/local/provider/computer/sockets.ts';

/** As /proc/net/tcp and tcp6 have it: who listens is in state 0A */
const table = (
  local: string,
  state = '0A',
) => `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 0000000000000000 100 0 0 10 0
   1: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000    33        0 24680 1 0000000000000000 100 0 0 10 0
`;

test.for([
  ['127.0.0.1', '0100007F:1F90'],
  ['every address', '00000000:1F90'],
  ['every address of IPv6, which holds those of IPv4', '00000000000000000000000000000000:1F90'],
  ['127.0.0.1 by IPv6', '0000000000000000FFFF00000100007F:1F90'],
])('who listens on %s has the port', ([, local = '']) => {
  expect(listenerOf(8080, table(local))).toEqual({ inode: '24680', uid: 33 });
});

test.for([
  ['another address', '0200000A:1F90', '0A'],
  ['another port', '0100007F:1F91', '0A'],
  ["IPv6's own address", '00000000000000000000000001000000:1F90', '0A'],
  ['the port, and only talks', '0100007F:1F90', '01'],
])('who has %s is not who listens', ([, local = '', state]) => {
  expect(listenerOf(8080, table(local, state))).toBeUndefined();
});

test('a table that is not there names nobody', () => {
  expect(listenerOf(8080, '')).toBeUndefined();
});
