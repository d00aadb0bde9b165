import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/config/error.ts';
import { loadEnvironment } from '../../../src/config/load.ts';
import { certificateOf, type Pair } from '../../certificate.ts';
import { clouds, systems } from './fixtures.ts';

const names = ['basegun.berth.test', 'www.berth.test'];
const right = certificateOf(names);
const another = certificateOf(names);
const ownName = certificateOf(['basegun.berth.test']);
const wildcard = certificateOf(['*.berth.test'], 8);

const day = 24 * 60 * 60 * 1000;
const inDays = (days: number): Date => new Date(Date.now() + days * day);

/** The paths and words of what is wrong with a certificate, as the program reads its stack */
function problems({ certificate, key }: Pair, now = new Date()): readonly string[] {
  const basegun = {
    ...{ cloud: 'openstack', region: 'GRA7', version: '3.3.0', domain: 'basegun.berth.test' },
    ...{ redirectFrom: ['www.berth.test'], tls: 'files', web: { size: 's1-2' } },
  };
  const config = {
    'berth:operators': {
      networks: ['100.64.1.0/24'],
      sshPublicKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/ ada'],
    },
    'berth:clouds': { openstack: { project: '6e1f2a3b4c5d6e7f8091a2b3c4d5e6f7', logsService: 'ldp-gr-10001' } },
    'berth:systems': { basegun },
    'berth:secrets': { deployKey: 'k', 'basegun/certificate': certificate, 'basegun/certificateKey': key },
  };
  try {
    loadEnvironment({ stack: 'preprod', config, source: 'Pulumi.preprod.yaml' }, systems, clouds, { now });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).not.toMatch(/BEGIN|MII/);
    return error.problems.map(({ path, message }) => `${path} ${message}`);
  }
}

const certificate = 'berth:secrets["basegun/certificate"]';
const key = 'berth:secrets["basegun/certificateKey"]';

test('a certificate that covers all names, with its key and in date, is accepted; so is a wildcard', () => {
  expect(problems(right)).toEqual([]);
  expect(problems(wildcard)).toEqual([]);
});

test.each<[string, () => readonly string[], readonly (string | RegExp)[]]>([
  [
    'the key of another one',
    () => problems({ ...right, key: another.key }),
    [`${key} does not belong to the first certificate of the chain`],
  ],
  ['one that lacks a name', () => problems(ownName), [`${certificate} does not cover www.berth.test`]],
  ['one that is over', () => problems(right, inDays(91)), [/^.* expired on \d{4}-\d\d-\d\d$/]],
  ['one that ends soon', () => problems(right, inDays(84)), [/^.* expires on \d{4}-\d\d-\d\d, in less than 7 days$/]],
  ['one of tomorrow', () => problems(right, inDays(-2)), [/^.* is not valid before \d{4}-\d\d-\d\d$/]],
  [
    'a chain in disorder',
    () => problems({ ...right, certificate: `${right.certificate}${another.certificate}` }),
    [`${certificate} is not in order: its certificate 2 did not issue the one before it`],
  ],
  [
    'other texts',
    () => problems({ certificate: 'x', key: 'y' }),
    [`${certificate} is not a chain of certificates in PEM`, `${key} is not a private key in PEM without a passphrase`],
  ],
  [
    'the two of them exchanged',
    () => problems({ certificate: right.key, key: right.certificate }),
    [`${certificate} is not a chain of certificates in PEM`, `${key} is not a private key in PEM without a passphrase`],
  ],
])('%s is refused before anything is touched', (_, found, wanted) => {
  expect(found()).toEqual(wanted.map((one) => (typeof one === 'string' ? one : expect.stringMatching(one))));
});
