import { readdirSync, readFileSync } from 'node:fs';
import { expect, type TestContext, test } from 'vitest';
import { parse } from 'yaml';
import { prometheus, ruleFiles } from '../../src/parts/prometheus.ts';
import { type Answer, docker, folderOf, least, ownContainer, required, serviceImage } from './docker.ts';

// The alert rules of templates/prometheus/rules, by the tests beside them, which the genuine promtool runs.

const folder = new URL('../../templates/prometheus/rules/', import.meta.url).pathname;
const read = (name: string): string => readFileSync(`${folder}${name}`, 'utf8');

interface Rule {
  alert: string;
  labels: { severity: string };
  annotations: { summary: string; description: string };
}
interface Case {
  alertname: string;
  exp_alerts: unknown[];
}

const rulesOf = (name: string): Rule[] =>
  parse(read(`${name}.yaml`)).groups.flatMap(({ rules }: { rules: Rule[] }) => rules.filter(({ alert }) => alert));
const casesOf = (name: string): Case[] =>
  parse(read(`${name}.test.yaml`)).tests.flatMap((one: { alert_rule_test: Case[] }) => one.alert_rule_test);

async function promtool(name: string, files: Readonly<Record<string, string>>, context: TestContext): Promise<Answer> {
  const image = required(await serviceImage(prometheusImage()), context);
  const place = ['--network', 'none', '--volume', `${folderOf(files)}:/rules:ro`, '--entrypoint', '/bin/promtool'];
  return docker('run', ...ownContainer(name), ...least, ...place, image, 'test', 'rules', `/rules/${name}.test.yaml`);
}

function prometheusImage(): string {
  const input = { system: 'shop', stack: 'prod', role: 'monitoring', exporters: [], url: '', alertsUrl: '' };
  const made = prometheus({ ...input, retentionDays: 1, volumeGb: 10 });
  const [server] = made.roles?.monitoring?.services ?? [];
  return server?.kind === 'container' ? server.image : '';
}

const filesOf = (name: string) => ({
  [`${name}.yaml`]: read(`${name}.yaml`),
  [`${name}.test.yaml`]: read(`${name}.test.yaml`),
});

test('every file of rules is given to Prometheus, and has its tests beside it', () => {
  const expected = ruleFiles.flatMap((name) => [`${name}.yaml`, `${name}.test.yaml`]);
  expect(readdirSync(folder).sort()).toEqual(expected.sort());
});

test.for(ruleFiles)(
  'the alerts of %s fire when they should, with their words, and at no other time',
  async (name, context) => {
    const { code, output } = await promtool(name, filesOf(name), context);
    expect(code, output).toBe(0);
  },
);

test('promtool notices a rule that fires no more', async (context) => {
  const files = filesOf('machines');
  const slower = files['machines.yaml']?.replace('for: 1m', 'for: 5m') ?? '';
  const { code, output } = await promtool('machines', { ...files, 'machines.yaml': slower }, context);
  expect(code, output).not.toBe(0);
});

test.for(ruleFiles.flatMap((name) => rulesOf(name).map((rule) => ({ name, rule, alert: rule.alert }))))(
  'alert $alert is tested where it fires and where it does not, and names the command that looks further',
  ({ name, rule: { alert, annotations } }) => {
    const cases = casesOf(name).filter(({ alertname }) => alertname === alert);
    expect(cases.some(({ exp_alerts }) => exp_alerts.length > 0)).toBe(true);
    // What tells that the monitoring works is never silent
    if (alert === 'Heartbeat') return;
    expect(cases.some(({ exp_alerts }) => exp_alerts.length === 0)).toBe(true);
    expect(annotations.description).toMatch(/`npx berth (status|ssh|alerts) \{\{ \$externalLabels\.stack \}\}[^`]*`/);
  },
);
