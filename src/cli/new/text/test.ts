import type { Draft } from '../draft.ts';
import { camel } from '../names.ts';
import { around, list, object, printed, quoted } from './print.ts';

/** Returns the text of `systems/<name>/test/unit/system.test.ts`, which vitest runs */
export function testText(draft: Draft): string {
  const { name, services, jobs, database, caches, sites } = draft;
  const options = object({
    ...{ version: quoted(draft.version), domain: quoted(draft.domain), contact: "'ops@example.org'", web: '{}' },
    ...(database && { database: '{}' }),
    ...Object.fromEntries(caches.map((cache) => [camel(cache.name), '{}'])),
  });
  const domains = [
    ...new Set(sites.map(({ below }) => (below === undefined ? draft.domain : `${below}.${draft.domain}`))),
  ];
  const names = (items: readonly { name: string }[]) => list(items.map((item) => quoted(item.name)));
  const inside = [
    ...(database ? [`database ${database.kind === 'mysql' ? 3306 : 5432}`] : []),
    ...caches.map((cache) => `${cache.name} 6379`),
  ].map((reach) => quoted(`web ${reach}`));
  const outside = ["'internet web 80'", "'internet web 443'"];
  const operators = ['web', ...(database ? ['database'] : [])].map((role) => quoted(`operators ${role} 22`));
  const expected = (actual: string, code: ReturnType<typeof list>, indent = 2) =>
    `${' '.repeat(indent)}${printed(around(`expect(${actual}).toEqual(`, code, ');'), indent)}\n`;
  return `import type { Environment } from 'berth';
import { expect, test } from 'vitest';
import system from '../../system.ts';

const environment: Environment = {
  name: 'test',
  operators: { networks: ['198.51.100.0/24'], sshPublicKeys: [] },
  systems: {},
  network: '10.64.0.0/20',
  authority: 'letsencrypt-staging',
  clouds: {},
};
${printed(around('const options = ', options, ';'))}
const declared = system.blueprint(system.options.parse(options), environment);

test('${name} has its services and jobs, each image with a version', () => {
  const { services = [], jobs = [] } = declared.roles.web ?? {};
${expected('services.map(({ name }) => name)', names(services))}${expected('jobs.map(({ name }) => name)', names(jobs))}  for (const service of services)
    expect(service.kind === 'container' && service.image).toMatch(/\\d+\\.\\d+\\.\\d+|@sha256:|[0-9a-f]{40}/);
});

test('users reach ${name} by HTTPS and operators by SSH; nobody else reaches anything', () => {
  const from = (source: (typeof declared.rules)[number]['from']): string =>
    typeof source === 'string' ? source : 'role' in source ? source.role : source.name;
${expected("declared.rules.map((rule) => [from(rule.from), rule.to, rule.port].join(' ')).sort()", list([...outside, ...inside, ...operators].sort(byCode)))}});

test('${name} is found by its name', () => {
${expected('declared.records.map(({ name }) => name)', list(domains.map(quoted)))}});

test('secrets stand in the environment, not in the system', () => {
${expected('Object.keys(system.secrets(system.options.parse(options))).sort()', list(Object.keys(draft.secrets).map(quoted).sort()))}});
`;
}

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Returns the text of a vitest.config.ts by which vitest translates berth itself, which is TypeScript */
export const vitestConfig = (): string => `import { defineConfig } from 'vitest/config';

${printed(
  around(
    'export default defineConfig(',
    object({
      test: object({
        include: list([quoted('systems/*/test/**/*.test.ts')]),
        server: object({ deps: object({ inline: list([quoted('berth')]) }) }),
      }),
    }),
    ');',
  ),
)}
`;
