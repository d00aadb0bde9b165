import { expect, test } from 'vitest';
import { type Edge, edgeProbe } from '../../../src/model/edge.ts';

const edge = (routes: Edge['routes'], probe?: Edge['probe']): Edge => ({
  kind: 'traefik',
  tls: { kind: 'internal', port: 80 },
  routes,
  uploads: { largestMb: 5, atOnce: 20 },
  drainSeconds: 0,
  ...(probe && { probe }),
});
const services = [
  { name: 'page', health: { path: '/', deadlineSeconds: 1, command: [] } },
  { name: 'api', health: { path: '/health', deadlineSeconds: 1, command: [], status: 204 } },
];

test.each<[string, Edge, { path: string; status: string }]>([
  ['its health path', edge([{ prefix: '/', service: 'page' }]), { path: '/', status: '2..' }],
  ['the status that is healthy', edge([{ prefix: '/', service: 'api' }]), { path: '/health', status: '204' }],
  [
    'its health path behind a prefix that it does not see',
    edge([{ prefix: '/api/', strip: true, service: 'api' }]),
    { path: '/api/health', status: '204' },
  ],
  [
    'the prefix, where its health path is not behind it',
    edge([{ prefix: '/api', service: 'api' }]),
    { path: '/api', status: '2..' },
  ],
  ['a login', edge([{ prefix: '/', service: 'page', users: 'a:b' }]), { path: '/', status: '401' }],
  [
    'what the edge says',
    edge([{ prefix: '/', service: 'api' }], { path: '/x', status: 301 }),
    { path: '/x', status: '301' },
  ],
])('after a switch the edge is asked for %s', (_, of, expected) => {
  expect(edgeProbe(of, services)).toEqual(expected);
});
