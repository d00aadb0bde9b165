import type { JobRecord, Monitoring, PageData, Series } from '../../../../../src/cli/status/page/data.ts';
import type { SystemStatus } from '../../../../../src/cli/status/report.ts';

export const now = new Date('2026-05-01T12:00:00Z');
const nowSeconds = now.getTime() / 1000;

/** Series of the last hours, in which each value stands for as many slots as its share */
export const series = (...values: readonly (number | null)[]): Series =>
  Array.from({ length: 72 }, (_, slot) => values[Math.floor((slot / 72) * values.length)] ?? null);

export const shop = (own: Partial<SystemStatus> = {}): SystemStatus => ({
  ...{ healthy: true, cloud: 'aws', url: 'https://shop.example.org', problems: [] },
  version: { declared: '1.2.0', answers: '1.2.0' },
  answered: { status: 200, address: '203.0.113.5', milliseconds: 41 },
  certificate: { issuer: "Let's Encrypt, R12", validUntil: '2026-07-10T00:00:00.000Z', trusted: true },
  machines: { 'shop-web-0': machine('web', '203.0.113.5'), 'shop-database-0': machine('database', '203.0.113.6') },
  records: [{ name: 'shop.example.org', type: 'A', value: '203.0.113.5', resolves: ['203.0.113.5'] }],
  ...own,
});

export const machine = (role: string, address: string): SystemStatus['machines'][string] => ({
  ...{ role, publicAddress: address, privateAddress: address, ssh: 'answers' },
});

export const told = (): Extract<Monitoring, { kind: 'told' }> => ({
  kind: 'told',
  alerts: { firing: [], heartbeat: true },
  history: {
    answered: { 'shop.example.org': series(null, 1, 1, 0.5, 1), 'grafana.shop.example.org': series(1) },
    took: { 'shop.example.org': series(0.041), 'grafana.shop.example.org': series(0.12) },
    up: { 'shop-web-0': series(1), 'shop-database-0': series(1, 1, 1, 0, 1, 1) },
    processors: { 'shop-web-0': series(0.1, 0.3, 0.2, 0.7, 0.4), 'shop-database-0': series(0.1) },
    memory: { 'shop-web-0': series(0.5), 'shop-database-0': series(0.6) },
    requests: { 'shop-web-0': series(2, 5, 9, 30, 12) },
    errors: { 'shop-web-0': series(0, 0, 0, 3, 0) },
    certificateEnds: { 'grafana.shop.example.org': series(nowSeconds + 40 * 86_400) },
  },
});

export const record = (own: Partial<JobRecord> = {}): JobRecord => ({
  ...{ job: 'backup-mysql', version: '1.2.0', began: nowSeconds - 3600, seconds: 42, result: '' },
  ...{ lastSuccess: nowSeconds - 3600, figures: { berth_backup_size_bytes: 204_000_000 } },
  ...own,
});

export const machineOf = (name: string): PageData['machines'][number] => ({
  system: 'shop',
  pinged: {
    ...{ name, version: '1.2.0' },
    answer: {
      ...{ kind: 'told', clockOffSeconds: 0, now, printed: '' },
      told: {
        ...{ clock: nowSeconds, version: '1.2.0', liveSince: undefined, certificateEnd: undefined },
        disks: [{ usedPercent: 43, folder: '/' }],
        services: [{ name: 'api', wrong: '' }],
      },
    },
  },
  jobs: [],
  releases: [
    { at: '2026-04-30T09:00:00Z', version: '1.2.0', by: '', way: 'release', seconds: 34 },
    { at: '2026-04-20T09:00:00Z', version: '1.1.0', by: 'ada', way: 'rollback', seconds: 9 },
  ],
});

/** A stack with one system, all of which is well */
export const pageData = (own: Partial<PageData> = {}): PageData => ({
  ...{ stack: 'prod', madeAt: now },
  report: { stack: 'prod', healthy: true, systems: { shop: shop() } },
  machines: [machineOf('shop-web-0'), machineOf('shop-database-0')],
  monitoring: { shop: told() },
  jobs: [
    {
      ...{ system: 'shop', name: 'backup-mysql', when: '*-*-* 00/3:10 Etc/UTC', machine: 'shop-database-0' },
      ...{ backup: { of: 'mysql', does: 'take' }, record: record() },
    },
    { ...{ system: 'shop', name: 'migrate', when: 'at each release', machine: 'shop-web-0' }, record: record() },
  ],
  deployments: [
    {
      ...{ kind: 'update', result: 'succeeded', at: '2026-04-30T09:02:00Z', message: 'shop 1.2.0' },
      ...{ by: 'Ada Lovelace', commit: '0a1b2c3d' },
    },
  ],
  reach: [
    {
      ...{ system: 'shop', from: { kind: 'internet' }, to: { role: 'web', machines: ['shop-web-0'] } },
      ...{ port: 443, protocol: 'tcp', why: 'visitors' },
    },
  ],
  diagram: '<svg viewBox="0 0 10 10" xmlns="http://www.w3.org/2000/svg"><g class="graph"></g></svg>',
  ...own,
});

/** A report of these systems, by name */
export const reportOf = (...systems: [string, SystemStatus][]): PageData['report'] => ({
  ...{ stack: 'prod', healthy: systems.every(([, { healthy }]) => healthy) },
  systems: Object.fromEntries(systems),
});

/** An alert that fires */
export const isOf = (alert: string, severity: string, silenced = false) => ({
  ...{ alert, severity, silenced, machine: 'shop-database-0', since: '2026-05-01T11:40:00Z' },
  ...{ summary: `${alert} is what fires`, description: 'Look at `npx berth status prod --check`.' },
});
