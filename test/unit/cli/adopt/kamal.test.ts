import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkout } from '../berth.ts';
import { adopted, project, refusals } from './adopted.ts';

const shop = readFileSync(join(checkout, 'test/unit/cli/adopt/kamal/shop.yml'), 'utf8');
const noKey = expect.stringContaining('ssh-ed25519 ');
const plain = (servers: string, more = '') => `service: shop\nimage: acme/shop\nservers:${servers}\n${more}`;

describe("Kamal's configuration", () => {
  test('servers by role, bastion, registry, site and variables; what has no place is named with who does it now', async () => {
    const folder = project({ 'deploy.yml': shop });
    const run = await adopted(['--kamal', 'deploy.yml', '--system', 'lostops=web:app,db:database'], folder);
    // Two machines are more than Lostops has, which its loader says
    expect(run.stderr).toBe('');
    const { app, database, ...entry } = run.entry('lostops') as Record<string, { hosts: { address: string }[] }>;
    expect(entry).toEqual({
      ...{ cloud: 'existing', domain: 'shop.acme.dev', alsoAt: ['www.acme.dev'] },
      env: {
        ...{ DB_HOST: '198.18.2.4', RAILS_LOG_LEVEL: 'info', WEB_CONCURRENCY: '2' },
        ...{ REPORT_URL: { secret: 'reportUrl' }, RAILS_MASTER_KEY: { secret: 'railsMasterKey' } },
        SMTP_PASSWORD: { secret: 'smtpPassword' },
      },
      registries: { 'ghcr.io': { user: 'deploy-bot', password: { secret: 'registryPassword' } } },
    });
    const proxy = { address: '198.18.2.9', user: 'jump', hostKey: noKey };
    const host = (last: number) => ({ address: `198.18.2.${last}`, port: 2200, user: 'deploy', hostKey: noKey, proxy });
    expect(app?.hosts).toEqual([host(1), host(2)]);
    expect(database?.hosts).toEqual([host(4)]);
    expect(run.stdout).not.toContain('Hunter2');
    for (const said of [
      'deploy.yml:12: 198.18.2.3 (worker) gets no role',
      'deploy.yml:13: role worker runs another command',
      'deploy.yml:36: accessory db (mysql:8.0): its image, variables and volumes',
      'deploy.yml:45: builder: images are built by your own workflow',
      'deploy.yml:47: volumes: folders that outlive a release are mounts',
      'deploy.yml:49: aliases: `berth run` starts jobs and commands',
      `berth:secrets["lostops/registryPassword"]`,
      'berth:systems.lostops.app.hosts: ',
    ])
      expect(run.stdout).toContain(said);
  });

  test("a plain list is the role web, root logs in, and a destination's file overrides", async () => {
    const folder = project({
      'deploy.yml': plain('\n  - 198.18.2.1', 'proxy: { host: acme.dev }\nenv: { MODE: plain, LEVEL: low }\n'),
      'deploy.staging.yml': 'servers:\n  - 198.18.2.8\nproxy: { host: staging.acme.dev }\nenv: { LEVEL: high }\n',
    });
    const args = ['--kamal', 'deploy.yml', '--kamal', 'deploy.staging.yml', '--system', 'basegun'];
    const run = await adopted(args, folder);
    expect(run.entry('basegun')).toMatchObject({
      ...{ domain: 'staging.acme.dev', env: { MODE: 'plain', LEVEL: 'high' } },
      web: { hosts: [{ address: '198.18.2.8', user: 'root' }] },
    });
  });

  test('a product that is not in the project yet gets the command that writes it', async () => {
    const run = await adopted(['--kamal', 'deploy.yml', '--system', 'shop'], project({ 'deploy.yml': shop }));
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(
      'npx berth new shop --image acme/shop:<version> --port 3000 --health /up --database mysql --cache',
    );
  });

  test.each([
    ['no YAML', 'servers: [', /^deploy\.yml:1: is no YAML/],
    ['without a server', plain(' []'), /^deploy\.yml:3: names no server/],
    ['computed', plain(`\n  - <%= ENV["HOST"] %>`), /^deploy\.yml:4: a host of web is computed when Kamal runs/],
    ['with a name that DNS does not have', plain('\n  - nowhere.invalid'), /nowhere\.invalid has no IPv4 address/],
    ['with a wrong port', plain('\n  - 198.18.2.1', 'ssh: { port: 0 }'), /198\.18\.2\.1 has no port from 1 to 65535/],
  ])('that is %s is refused with its line', async (_, text, expected) => {
    const run = await adopted(['--kamal', 'deploy.yml', '--system', 'basegun'], project({ 'deploy.yml': text }));
    expect(run.code).toBe(1);
    expect(refusals(run)).toEqual([expect.stringMatching(expected)]);
  });

  test('a file that is not there, and a second tool at once, are said', async () => {
    const run = await adopted(['--kamal', 'nope.yml', '--system', 'basegun']);
    expect(refusals(run)).toContain('nope.yml:1: is not there');
    expect((await adopted(['--kamal', 'a', '--ansible', 'b'])).code).toBe(2);
  });
});
