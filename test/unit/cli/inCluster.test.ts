import { expect, test } from 'vitest';
import { releasesOf } from '../../../src/cli/diff/releases.ts';
import { diffText } from '../../../src/cli/diff/report.ts';
import { parsedSystems } from '../../../src/cli/outputs.ts';
import { findMachine } from '../../../src/cli/ssh/findMachine.ts';
import type { SystemStatus } from '../../../src/cli/status/report.ts';
import { statusTable } from '../../../src/cli/status/reportTable.ts';
import { chosenMachines } from '../../../src/cli/update/order.ts';
import { read, stackOf } from '../../stack/samples.ts';

const cluster = {
  namespace: 'basegun-prod',
  workloads: { web: { kind: 'Deployment', name: 'web', pods: 3 } },
  volumes: {},
};
const outputs = {
  ...{ cloud: 'kubernetes', version: '3.3.0', url: 'https://basegun.berth.test', probe: { path: '/' } },
  ...{ machines: {}, records: [], cluster },
};
const systems = parsedSystems({ systems: { basegun: outputs } }, 'prod');
const { blueprints } = read(stackOf('basegun', 'kubernetes'), 'prod');

test('who would log in to a machine of a system in a cluster is told that there is none, and what asks its pods', () => {
  const message = 'basegun is in a cluster, and has no machines: ask its pods with kubectl --namespace basegun-prod';
  expect(() => findMachine(systems, 'basegun-web-0')).toThrow(message);
  expect(() => chosenMachines(systems, blueprints, { system: 'basegun' })).toThrow(message);
});

test('what names no system does to machines what it does, and nothing to a cluster', () => {
  expect(chosenMachines(systems, blueprints, {})).toEqual([]);
});

test('a diff shows the objects that change, and no machines', () => {
  const urn = (type: string, name: string) => `urn:pulumi:prod::berth::berth:index:System$kubernetes:${type}::${name}`;
  const planned = Object.entries({
    [urn('apps/v1:Deployment', 'basegun-web')]: ['update'],
    [urn('core/v1:ConfigMap', 'basegun-web-frontend')]: ['create-replacement', 'replace', 'delete-replaced'],
    [urn('core/v1:Service', 'basegun-web')]: ['same'],
    [urn('networking.k8s.io/v1:Ingress', 'basegun-old')]: ['delete'],
    [urn('batch/v1:Job', 'basegun-web-migrate')]: ['create'],
    [urn('apps/v1:Deployment', 'mad-web')]: ['update'],
    'urn:pulumi:prod::berth::pulumi:providers:kubernetes::cluster': ['update'],
  }).map(([name, steps]) => [name, { steps }]);
  const releases = releasesOf({ resourcePlans: Object.fromEntries(planned) }, blueprints, ['basegun']);
  expect(diffText(releases as Parameters<typeof diffText>[0])).toBe(
    [
      'basegun',
      '  Deployment web is changed',
      '  ConfigMap web-frontend is replaced',
      '  Ingress old is deleted',
      '  Job web-migrate is created',
      '',
    ].join('\n'),
  );
});

test('a status names the workloads of a system in a cluster', () => {
  const status: SystemStatus = {
    ...{
      healthy: true,
      cloud: 'kubernetes',
      url: 'https://basegun.berth.test',
      problems: [],
      machines: {},
      records: [],
    },
    version: { declared: '3.3.0', answers: '3.3.0' },
    cluster,
  };
  expect(statusTable({ stack: 'prod', healthy: true, systems: { basegun: status } })).toMatch(
    /basegun +workload +Deployment web +3 pods declared in namespace basegun-prod/,
  );
});
