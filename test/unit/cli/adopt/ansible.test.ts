import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { berthHere, put } from '../berth.ts';
import { adopted, former, project, refusals } from './adopted.ts';

const noKey = expect.stringContaining('ssh-ed25519 ');

describe("the systems' own former inventories", () => {
  test('Catalogage: its one machine, domain and repository; the branch is no version, its secret is named', async () => {
    const folder = 'catalogage/environments/staging';
    const files = ['--ansible', former(`${folder}/hosts`), '--vars', former(`${folder}/secrets`)];
    const run = await adopted([...files, '--playbook-dir', former('catalogage'), '--system', 'catalogage=web']);
    expect(run.stderr).toBe('');
    expect(run.entry('catalogage')).toEqual({
      ...{ cloud: 'existing', tls: 'acme', contact: 'ops@multi.coop', domain: 'staging.catalogue.multi.coop' },
      repository: 'https://github.com/etalab/catalogage-donnees.git',
      web: { hosts: [{ address: '198.18.4.20', user: 'root', hostKey: noKey }] },
    });
    expect(run.stdout).toContain('env_branch (staging) can not be ref of catalogage: it is a mutable tag');
    expect(run.stdout).toContain('secrets is encrypted by ansible-vault as a whole');
    const command = `pulumi config set --secret --path 'berth:secrets["catalogage/databaseUrl"]' --stack old`;
    expect(run.stdout).toContain(`catalogage/databaseUrl: was database_url\n    $ ${command}`);
    expect(run.stdout).toContain('berth:systems.catalogage.ref: is missing');
  });

  test('Lostops: its groups become roles; a password that stands in clear is never printed', async () => {
    const names = ['app-web812909', 'app-database042343', 'app-docker025984'];
    const addresses = names.flatMap((name, index) => [
      '--address',
      `${name}.westeurope.cloudapp.azure.com=198.18.5.${index + 1}`,
    ]);
    const roles = 'lostops=web:app,database,docker:monitoring';
    const run = await adopted(['--ansible', former('lostops/inventory.yml'), '--system', roles, ...addresses]);
    expect(run.stderr).toBe('');
    const host = (last: number) => ({
      hosts: [{ address: `198.18.5.${last}`, user: 'admuser', hostKey: noKey }],
    });
    expect(run.entry('lostops')).toEqual({
      ...{ cloud: 'existing', version: '1.4.2', domain: 'lostops.notmuji.com', contact: 'ops@lostops.notmuji.com' },
      ...{ app: host(1), database: host(2), monitoring: host(3) },
    });
    expect(run.stdout).not.toContain('never-printed');
    expect(run.stdout).toContain('mysql_password is a secret that lostops does not ask for under this name');
    for (const secret of ['appKey', 'databasePassword', 'databaseRootPassword', 'exporterPassword'])
      expect(run.stdout).toContain(`berth:secrets["lostops/${secret}"]`);
  });

  test('Mad: what ansible-inventory --list prints of its EC2 inventory; private addresses, versions by role', async () => {
    const roles = 'tag_Name_api:api,tag_Name_api_lb:balancer,tag_Name_client:client,tag_Name_web:web';
    const args = ['--ansible', former('mad/inventory.json'), '--system', `mad=${roles}`, '--user', 'ubuntu'];
    const run = await adopted(args);
    expect(run.stderr).toBe('');
    const { api, balancer, versions } = run.entry('mad') as Record<string, { hosts: unknown[] }>;
    expect(versions).toEqual({ api: 'v1.0.3' });
    expect(api?.hosts).toEqual(
      [1, 2].map((last) => ({
        ...{ address: `18.130.10.${last}`, privateAddress: `172.31.20.${last}`, user: 'ubuntu', hostKey: noKey },
      })),
    );
    expect(balancer?.hosts).toHaveLength(1);
    expect(run.stdout).toContain('web_docker_tag (v1.0) can not be versions of mad');
    expect(run.stdout).toContain('no options of mad: api_redis_host (line 1), api_redis_port (line 2)');
  });
});

const inventory = `
bastion.acme.test ansible_connection=local

[front]
web[01:02] ansible_host=198.18.1.1   ; two of them
[front:vars]
ansible_ssh_common_args='-o ProxyCommand="ssh -W %h:%p -p 2222 jump@198.18.1.9"'
APP_MODE = full   # a comment
[site:children]
front
[site:vars]
ansible_user=deploy
APP_MODE=overridden
`;

describe('an inventory of any shape', () => {
  test('ranges, children, comments, ports and a bastion are read as Ansible has them', async () => {
    const text = inventory.replace('web[01:02] ansible_host=198.18.1.1', 'web[01:01]:2200 ansible_host=198.18.1.1');
    const run = await adopted(['--ansible', 'hosts', '--system', 'basegun=front:web'], project({ hosts: text }));
    expect(run.stderr).toBe('');
    const entry = run.entry('basegun');
    expect(entry.env).toEqual({ APP_MODE: 'full' });
    expect(entry.web).toEqual({
      hosts: [
        {
          ...{ address: '198.18.1.1', port: 2200, user: 'deploy', hostKey: noKey },
          proxy: { address: '198.18.1.9', port: 2222, user: 'jump', hostKey: noKey },
        },
      ],
    });
    expect(run.stdout).toContain('hosts:2: bastion.acme.test is the computer that runs Ansible');
  });

  test('variables of a host beat those of its group, which beat those of the groups above it and of all', async () => {
    const folder = project({
      'inv/hosts.yml': `
all:
  vars: { ansible_user: all, A_FROM: all, B_FROM: all, C_FROM: all, D_FROM: all }
  children:
    site:
      vars: { B_FROM: site, C_FROM: site, D_FROM: site }
      children:
        web: { hosts: { one: { ansible_host: 198.18.1.1 } } }
`,
      'inv/group_vars/web.yml': 'C_FROM: web\nD_FROM: web\n',
      'inv/host_vars/one.yml': 'D_FROM: "{{ word }} {{ C_FROM }}"\nword: host of\n',
      'more.yml': 'E_FROM: "-e"\nA_FROM: "-e"\n',
    });
    const run = await adopted(['--ansible', 'inv', '--vars', 'more.yml', '--system', 'basegun'], folder);
    expect(run.stderr).toBe('');
    const env = { A_FROM: '-e', B_FROM: 'site', C_FROM: 'web', D_FROM: 'host of web', E_FROM: '-e' };
    expect(run.entry('basegun').env).toEqual(env);
  });

  test('a secret by its name, in a URL or in a vault becomes a secret of the system, and its value is nowhere', async () => {
    const folder = project({
      hosts: 'web ansible_host=198.18.1.1 ansible_user=ops ansible_become_pass=Hunter2\n',
      'group_vars/all.yml': `
env:
  MAIL_PASSWORD: Hunter2
  QUEUE_URL: amqp://app:Hunter2@mq.acme.test/
  PLAIN: "1"
SMTP_TOKEN: !vault |
  $ANSIBLE_VAULT;1.1;AES256
  31323334
`,
    });
    const run = await adopted(['--ansible', 'hosts', '--system', 'basegun=web'], folder);
    expect(run.entry('basegun').env).toEqual({
      ...{ MAIL_PASSWORD: { secret: 'mailPassword' }, QUEUE_URL: { secret: 'queueUrl' }, PLAIN: '1' },
      SMTP_TOKEN: { secret: 'smtpToken' },
    });
    expect(run.stdout + run.stderr).not.toMatch(/Hunter2|31323334/);
    for (const name of ['mailPassword', 'queueUrl', 'smtpToken'])
      expect(run.stdout).toContain(`berth:secrets["basegun/${name}"]`);
    expect(run.stdout).toContain('ansible_become_pass of web: berth logs in by key alone');
  });

  test('a host key that this computer knows is pinned, of a hashed file too', async () => {
    const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/';
    // The name 192.168.1.61, as HashKnownHosts writes it
    const hashed = '|1|cAo3hxYmtlmV8wcG+tnar+ssQDk=|4eiSAfgT65kZRPYjKx4ktqciXyE=';
    const files = { hosts: 'web ansible_host=192.168.1.61 ansible_user=ops\n', known: `${hashed} ${key}\n` };
    const args = ['--ansible', 'hosts', '--system', 'basegun=web', '--known-hosts', 'known'];
    const run = await berthHere(['adopt', 'old', '--dry-run', ...args], project(files));
    expect(run.stdout).toContain(`hostKey: ${key}\n`);
    expect(run.stdout).not.toContain('host key of');
  });
});

describe('the file', () => {
  const files = { hosts: 'web ansible_host=198.18.1.1 ansible_user=ops\n' };
  const args = ['--ansible', 'hosts', '--system', 'basegun=web', '--known-hosts', 'none'];

  test('a new environment has what is to be replaced marked; another one keeps its text and gets the entry', async () => {
    const folder = project(files);
    const run = await berthHere(['adopt', 'prod', ...args], folder);
    expect([run.code, run.stderr]).toEqual([0, '']);
    const text = readFileSync(join(folder, 'Pulumi.prod.yaml'), 'utf8');
    expect(text.match(/replace/g)).toHaveLength(3);
    expect(parse(text).config['berth:systems'].basegun.web.hosts).toHaveLength(1);
    const other = '# ours\nconfig:\n  berth:systems:\n    lostops: { cloud: azure } # stays\n';
    put(folder, 'Pulumi.preprod.yaml', other);
    await berthHere(['adopt', 'preprod', ...args], folder);
    const added = readFileSync(join(folder, 'Pulumi.preprod.yaml'), 'utf8');
    expect(added.startsWith(other)).toBe(true);
    expect(Object.keys(parse(added).config['berth:systems'])).toEqual(['lostops', 'basegun']);
  });

  test('a system that is in the file already is refused, and the file stays as it is', async () => {
    const former = 'config:\n  berth:systems:\n    basegun: { cloud: openstack }\n';
    const folder = project({ ...files, 'Pulumi.prod.yaml': former });
    const run = await berthHere(['adopt', 'prod', ...args], folder);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('Pulumi.prod.yaml has basegun already');
    expect(readFileSync(join(folder, 'Pulumi.prod.yaml'), 'utf8')).toBe(former);
  });
});

describe('every mistake at once', () => {
  test('of an inventory in INI, each with its line', async () => {
    const hosts = '[web\nx y=1 zz\nh[a:1]\n[db]\nq ansible_port=99999 ansible_connection=docker\n[g:foo]\n';
    const run = await adopted(['--ansible', 'hosts', '--system', 'mad=db:web,client'], project({ hosts }));
    expect(run.code).toBe(1);
    expect(refusals(run)).toEqual([
      'hosts:1: [web is no section of an inventory',
      'hosts:2: zz after x is no variable: it has no =',
      'hosts:3: h[a:1] is no host, and no range such as web[01:03]',
      'hosts:6: [g:foo] is no section of an inventory',
      'hosts:5: q is reached by docker, and berth logs in over SSH',
      'mad: no machine is in a group client; groups are db',
      'hosts:5: q has no IPv4 address: DNS has none for q',
      'hosts:5: q has no user to log in',
      'hosts:5: q has no port from 1 to 65535',
    ]);
  });

  test.each([
    ['no YAML', 'all: {\n  hosts: [', /^hosts\.yml:\d: is no YAML/],
    ['a plugin', 'plugin: amazon.aws.aws_ec2\n', /^hosts\.yml:1: is an inventory that is asked of a cloud/],
    ['a program', '#!/usr/bin/env python\n', /^hosts\.yml:1: is a program that prints an inventory/],
    ['a vault', '$ANSIBLE_VAULT;1.1;AES256\n3132\n', /^hosts\.yml:1: is encrypted by ansible-vault/],
    ['nothing', 'all:\n', /^hosts\.yml:1: names no host/],
    ['another key', 'all:\n  host: {}\n', /^hosts\.yml:1: group all has host/],
  ])('of an inventory that is %s', async (_, text, expected) => {
    const run = await adopted(['--ansible', 'hosts.yml', '--system', 'basegun=web'], project({ 'hosts.yml': text }));
    expect(run.code).toBe(1);
    expect(refusals(run)[0]).toMatch(expected);
  });

  test.each([
    ['no system is named', [], /^it is not said which system runs there: the project has /],
    ['an unknown one is', ['--system', 'nope'], /^the project has no system "nope": it has /],
    ['an unknown role is', ['--system', 'basegun=a:api'], /^basegun has no role "api": it has web/],
    ['no group is named like a role', ['--system', 'lostops'], /^no group \(a, b\) is named like a role of lostops/],
    ['a machine has two roles', ['--system', 'mad=a:api,b:web'], /one would be api of mad and web of mad/],
  ])('where %s', async (_, args, expected) => {
    const hosts = '[a]\none ansible_host=198.18.1.1 ansible_user=x\n[b]\none\n';
    const run = await adopted(['--ansible', 'hosts', ...args], project({ hosts }));
    expect(run.code).toBe(1);
    expect(refusals(run)[0]).toMatch(expected);
  });
});
