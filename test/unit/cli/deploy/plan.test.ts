import { describe, expect, test } from 'vitest';
import { type DeclaredSystems, missingParts, putBack } from '../../../../src/cli/deploy/plan.ts';
import type { FormerSystem } from '../../../../src/cli/outputs.ts';
import type { Blueprint } from '../../../../src/model/blueprint.ts';
import { bySystem } from '../../../../src/model/inPlace.ts';
import { read, type SystemName, stackOf } from '../../../stack/samples.ts';

const declared = (system: SystemName, own: object): DeclaredSystems =>
  bySystem(read(stackOf(system, 'openstack', {}, own), 'preprod').blueprints);
const formerly = (pins: FormerSystem['pins']): FormerSystem => ({
  ...{ cloud: 'openstack', machines: {}, buckets: {}, logs: {} },
  ...(pins && { pins }),
});

const basegun = declared('basegun', { version: '3.3.1' });
const lostops = declared('lostops', { version: '1.0.1' });
const runbook = 'systems/lostops/README.md#a-deployment-that-failed';

describe('what is put back when a deployment fails', () => {
  test('what has changed, as it was', () => {
    const mad = declared('mad', { version: '1.0.0', versions: { api: '1.0.1' } });
    const former = { basegun: formerly({ version: '3.3.0' }), mad: formerly({ version: '1.0.0' }) };
    expect(putBack(former, { ...basegun, ...mad })).toEqual({
      kind: 'restore',
      systems: { basegun: { version: '3.3.0' }, mad: { version: '1.0.0' } },
    });
  });

  test('what has not changed stays, and what is new too', () => {
    const former = { basegun: formerly({ version: '3.3.0' }), lostops: formerly({ version: '1.0.1' }) };
    const mad = declared('mad', {});
    expect(putBack(former, { ...basegun, ...lostops, ...mad })).toEqual({
      kind: 'restore',
      systems: { basegun: { version: '3.3.0' } },
    });
  });

  test('with the digests that its images had, where they had any', () => {
    const images = { 'ghcr.io/datalab-mi/basegun/basegun-backend:3.3.0': `sha256:${'1'.repeat(64)}` };
    const former = { basegun: { ...formerly({ version: '3.3.0' }), images } };
    expect(putBack(former, basegun)).toEqual({ kind: 'restore', systems: { basegun: { version: '3.3.0' } }, images });
  });

  test('the former digest, where it alone has changed', () => {
    const image = 'ghcr.io/datalab-mi/basegun/basegun-backend:3.3.1';
    const [before, now] = ['1', '2'].map((digit) => ({ [image]: `sha256:${digit.repeat(64)}` }));
    const former = { basegun: { ...formerly({ version: '3.3.1' }), ...(before && { images: before }) } };
    const same = { version: '3.3.1' };
    expect(putBack(former, basegun, now)).toEqual({ kind: 'restore', systems: { basegun: same }, images: before });
    expect(putBack(former, basegun, before)).toEqual({ kind: 'same' });
    // A reference that this release does not have any more
    expect(putBack(former, basegun, {})).toEqual({ kind: 'same' });
  });

  test('nothing on a first deployment, nor where an older berth left no word of versions', () => {
    expect(putBack({}, basegun)).toEqual({ kind: 'first' });
    expect(putBack({ basegun: formerly(undefined) }, basegun)).toEqual({ kind: 'first' });
  });

  test('nothing where the versions are those of before', () => {
    expect(putBack({ basegun: formerly({ version: '3.3.1' }) }, basegun)).toEqual({ kind: 'same' });
  });

  test('nothing at all once a migration may have run: its page is named', () => {
    const former = { basegun: formerly({ version: '3.3.0' }), lostops: formerly({ version: '1.0.0' }) };
    expect(putBack(former, { ...basegun, ...lostops })).toEqual({ kind: 'migrated', runbooks: { lostops: runbook } });
  });

  test('a system that migrates and is new migrates nothing that was there', () => {
    const former = { basegun: formerly({ version: '3.3.0' }) };
    expect(putBack(former, { ...basegun, ...lostops })).toMatchObject({ kind: 'restore' });
  });
});

test('what a system declares that is not there yet is named', () => {
  const { mad } = declared('mad', {});
  const { basegun: site } = basegun;
  const machines = ['api-0', 'api-1', 'balancer-0', 'client-0', 'client-1', 'front-0', 'redis-0', 'web-0', 'web-1'];
  const there = { ...formerly({}), machines: Object.fromEntries(machines.map((name) => [`mad-${name}`, {}])) };
  const { 'mad-web-1': _, ...fewer } = there.machines;
  const blueprint = mad as Blueprint;
  expect(missingParts(there, 'openstack', blueprint)).toEqual([]);
  expect(missingParts({ ...there, machines: fewer }, 'openstack', blueprint)).toEqual(['machine mad-web-1']);
  expect(missingParts(there, 'aws', blueprint)).toEqual(['everything on aws, because it is now on openstack']);
  expect(missingParts(formerly({}), 'openstack', site as Blueprint)).toEqual([
    ...['machine basegun-web-0', 'bucket uploads', 'log stream app'],
  ]);
});
