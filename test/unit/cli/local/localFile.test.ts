import { systems } from 'berth:systems';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { allSystems, withLocalEntries } from '../../../../src/cli/local/localFile.ts';
import { wantedIn } from '../../../../src/cli/local/wanted.ts';
import { put, temporaryFolder } from '../berth.ts';

const head = `# mine
config:
  berth:operators:
    networks: [127.0.0.0/8] # this computer
    sshPublicKeys: []
`;

const entriesOf = (text: string) => parse(text).config['berth:systems'];

describe.each(allSystems())('the local entry of %s', (name) => {
  test('is a valid entry, which needs no secret that berth can not make up', () => {
    const folder = temporaryFolder();
    put(folder, 'Pulumi.local.yaml', withLocalEntries(head, [name], systems));
    const { secrets } = wantedIn(`${folder}/Pulumi.local.yaml`, 'local');
    const given = [...(secrets?.missing ?? [])].filter(([, { kind }]) => kind === 'given');
    expect(given.map(([secret]) => secret)).toEqual(['deployKey']);
  });
});

test('an entry is added after the others, and all other text stays as it is', () => {
  const text = `${head}  berth:systems:\n    mine: { cloud: local } # kept\n  # about\n  berth:secrets: {}\n`;
  const added = withLocalEntries(text, ['basegun'], systems);
  expect(added.replace(/ {4}basegun:\n( {6}.*\n)+/, '')).toBe(text);
  expect(entriesOf(added).basegun).toEqual({ cloud: 'local', ...systems.basegun?.local });
  expect(added).toContain('          443: 8443\n');
});

test('a system without options for local machines gets an entry to fill in', () => {
  const shop = { ...systems.basegun, local: undefined };
  expect(entriesOf(withLocalEntries(head, ['shop'], { shop } as never))).toEqual({ shop: { cloud: 'local' } });
});

test('a port that another entry of the file has is not used twice', () => {
  const text = `${head}  berth:systems:\n    mine:\n      web: { publish: { 443: 8443, 80: 8543 } }\n`;
  expect(entriesOf(withLocalEntries(text, ['basegun'], systems)).basegun.web.publish).toEqual({ 80: 8080, 443: 8643 });
});
