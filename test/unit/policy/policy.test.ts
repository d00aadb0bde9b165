import { expect, test } from 'vitest';
import { findings, type PlannedResource, type Policy } from '../../../src/policy/policy.ts';
import { policies } from '../../stack/samples.ts';
import { podSamples } from './podSamples.ts';
import { type Sample, samples } from './samples.ts';

const cloudOf = ({ type }: Policy): string => type.split(':')[type.startsWith('pulumi:') ? 2 : 0] ?? '';
const sampleOf = (policy: Policy): Sample | undefined =>
  podSamples[policy.what] ?? samples[policy.what] ?? samples[`${policy.what} ${cloudOf(policy)}`];

/** What a policy finds in one resource */
const found = (policy: Policy, inputs: PlannedResource['inputs'], beside: PlannedResource | undefined) =>
  findings([{ type: policy.type, name: 'it', id: 'id', inputs }, ...(beside ? [beside] : [])], [policy]);

test.each(policies)('$ids.0 of $type: $what', (policy) => {
  const sample = sampleOf(policy);
  if (!sample) throw new Error('no sample breaks this policy: a test that cannot fail is a defect');
  const { keeps, breaks, meant = [], beside, besideBroken } = sample;
  for (const inputs of keeps) expect(found(policy, inputs, beside), JSON.stringify(inputs)).toEqual([]);
  for (const inputs of breaks) {
    const [finding, ...others] = found(policy, inputs, besideBroken);
    expect(others).toEqual([]);
    expect(finding, JSON.stringify(inputs)).toEqual({ ids: policy.ids, what: policy.what, resource: 'it' });
  }
  for (const inputs of meant) expect(found(policy, inputs, besideBroken)[0]?.why, JSON.stringify(inputs)).toBeTruthy();
  expect(breaks.length + meant.length).toBeGreaterThan(0);
});

test('every sample is of a policy', () => {
  const used = new Set(policies.map(sampleOf));
  expect(Object.entries({ ...samples, ...podSamples }).filter(([, sample]) => !used.has(sample))).toEqual([]);
});

test('a policy sees what a secret holds, and shows none of it', () => {
  const sealed = {
    '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
    value: 'AKIAABCDEFGHIJKLMNOP',
  };
  const instance = { type: 'aws:ec2/instance:Instance', name: 'web-0', inputs: { userData: sealed } };
  const all = findings([instance], policies);
  expect(all.map(({ ids }) => ids[0])).toContain('AWS-0029');
  expect(JSON.stringify(all)).not.toContain('AKIA');
});

test("the scanners' ids are theirs", () => {
  for (const id of policies.flatMap(({ ids }) => ids)) {
    expect(id).toMatch(
      /^(OPNSTK-\d{4}|AWS-\d{4}|AZU-\d{4}|KSV-\d{4}|CKV2?_(OPENSTACK|AWS|AZURE|K8S)_\d+|berth-[a-z-]+)$/,
    );
  }
});
