import { expect, test } from 'vitest';
import { isPreliminary, releaseNotes } from '../../../tools/lib/release.ts';

const changelog = `# Changelog

## Unreleased

- Later.

## 0.2.0 (2026-12-01)

### Systems

- A new one.

## 0.1.0

- The first.
`;

test('the notes of a release are the section of its version, and no other', () => {
  expect(releaseNotes({ tag: 'v0.2.0', version: '0.2.0', changelog })).toBe('### Systems\n\n- A new one.');
  expect(releaseNotes({ tag: 'v0.1.0', version: '0.1.0', changelog })).toBe('- The first.');
});

test('a tag of another version, and a version without notes, are refused together', () => {
  const refused = () => releaseNotes({ tag: 'v0.4.0', version: '0.3.0', changelog });
  expect(refused).toThrow('the tag is v0.4.0 and package.json says 0.3.0: run npm version 0.4.0 before the tag');
  expect(refused).toThrow('CHANGELOG.md has no section "## 0.3.0": rename "## Unreleased" to it');
});

test('a tag that is no version, and a section that says nothing, are refused', () => {
  const empty = '# Changelog\n\n## 0.2.0\n\n## 0.1.0\n\n- The first.\n';
  const refused = () => releaseNotes({ tag: 'latest', version: '0.2.0', changelog: empty });
  expect(refused).toThrow('the tag "latest" is not a version: it has the form v0.2.0, or v0.2.0-rc.1');
  expect(refused).toThrow('the section "## 0.2.0" of CHANGELOG.md is empty');
});

test('a version to try does not become the one that everybody installs', () => {
  expect(['0.2.0', '0.2.0-rc.1'].map(isPreliminary)).toEqual([false, true]);
});
