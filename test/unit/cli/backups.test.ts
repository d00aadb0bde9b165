import { expect, test } from 'vitest';
import { backupJobs, backupJobsOf } from '../../../src/cli/backups/jobs.ts';
import { ageText, chosenSnapshot, sizeText, timeOf, toldSnapshots } from '../../../src/cli/backups/snapshots.ts';
import { remoteWords } from '../../../src/cli/run/remote.ts';
import { asService, type Job } from '../../../src/model/job.ts';
import { blueprint, container, role } from '../render/fixtures.ts';
import { berthHere, deployedProject, outputsOf } from './berth.ts';

const of = (time: string, id: string, ...tags: string[]) => ({
  ...{ time, short_id: id, tags: ['mysql', ...(tags.length > 0 ? tags : ['regular'])] },
  summary: { total_bytes_processed: 204_800_000 },
});
const said = (...list: object[]) => `restic says this\n${JSON.stringify(list)}\njob backups-mysql has ended well\n`;
const snapshots = toldSnapshots(
  said(
    of('2026-03-01T11:20:03.5+01:00', 'first'),
    of('2026-03-01T13:20:03.25Z', 'second'),
    of('2026-03-01T14:00:00Z', 'replaced', 'before-restore'),
  ),
);

test('what a machine tells of its backups is read, the newest first', () => {
  expect(snapshots.map(({ id }) => id)).toEqual(['replaced', 'second', 'first']);
  expect(snapshots[2]).toEqual({
    ...{ id: 'first', time: new Date('2026-03-01T10:20:03.5Z'), bytes: 204_800_000 },
    beforeRestore: false,
  });
  expect(toldSnapshots(said())).toEqual([]);
  expect(() => toldSnapshots('nothing')).toThrow('told no list of backups');
});

test('the newest is restored, but never by itself one that a restore has replaced', () => {
  expect(chosenSnapshot(snapshots).id).toBe('second');
  expect(() => chosenSnapshot(snapshots.slice(0, 1))).toThrow('no backup but those from before a restore');
  expect(() => chosenSnapshot([])).toThrow('there is no backup yet');
});

test.each([
  ['2026-03-01 14:00', 'replaced'],
  ['2026-03-01 13:20:03', 'second'],
  ['2026-03-01 13:20', 'second'],
  ['2026-03-01 13:19', 'first'],
  ['2026-03-01T14:19:00+01:00', 'first'],
  ['2026-03-01', 'replaced'],
])('at %s the last backup is %s', (time, id) => {
  expect(chosenSnapshot(snapshots, timeOf(time)).id).toBe(id);
});

test('a time that is none, or before all, is refused with what there is', () => {
  expect(() => timeOf('yesterday')).toThrow('--at yesterday is no time: write one such as');
  expect(() => chosenSnapshot(snapshots, timeOf('2026-02-28'))).toThrow('the oldest is of 2026-03-01T10:20:03.500Z');
});

test('sizes and ages are for people', () => {
  expect([0, 999, 1500, 204_800_000, 1.2e12].map(sizeText)).toEqual(['0 B', '999 B', '1.5 KB', '205 MB', '1.2 TB']);
  const now = new Date('2026-03-01T12:00:00Z');
  const ages = ['2026-03-01T11:58:30Z', '2026-03-01T09:40:00Z', '2026-02-27T09:00:00Z', '2026-03-01T12:00:05Z'];
  expect(ages.map((time) => ageText(new Date(time), now))).toEqual(['1 min', '2 h 20 min', '2 d 3 h', '0 min']);
});

const app = container();
const job = (does: 'take' | 'list', of: string): Job => ({
  ...{ name: `${does}-${of}`, when: { asked: true }, steps: [asService(app, { command: [does] })] },
  ...{ deadlineSeconds: 60, onceAcrossMachines: true, backup: { of, does } },
});
const shop = blueprint({
  roles: { web: role({ services: [app], jobs: [job('take', 'mysql'), job('list', 'mysql'), job('take', 'files')] }) },
});

test('the jobs of backups are found in what the file declares, and what is missing is told with what there is', () => {
  expect(backupJobs([shop], 'take').map(({ job: one }) => one)).toEqual(['take-mysql', 'take-files']);
  expect(backupJobsOf([shop], 'take', 'shop', 'files')).toEqual([{ system: 'shop', name: 'files', job: 'take-files' }]);
  expect(() => backupJobsOf([shop], 'take', 'mall')).toThrow('the stack has no system "mall": it has shop');
  expect(() => backupJobsOf([shop], 'take', 'shop', 'photos')).toThrow('there are those of mysql, files');
  expect(() => backupJobsOf([shop], 'try', 'shop')).toThrow('shop has no backups');
});

test('a job is told its parameters word by word', () => {
  const words = remoteWords({ system: 'shop', what: 'restore', command: [], parameters: { INTO: "it's" } });
  expect(words).toMatch(/ job \S+\/current restore 'INTO=it'\\''s'$/);
});

test.each([
  [['backup', 'local', 'basegun'], 'basegun has no backups'],
  [['backups', 'local'], 'no system of local has backups'],
  [['restore', 'local', 'basegun'], 'basegun has no backups'],
  [['restore', 'local', 'basegun', '--over', '--into', 'a'], '--over replaces the live data, --into makes others'],
  [['restore', 'local', 'basegun', '--over', '--really', 'lostops'], '--really lostops: the system is basegun'],
  [['restore', 'local', 'basegun', '--really', 'basegun'], '--really is the second word of --over'],
  [['restore', 'local', 'basegun', '--into', 'a`b'], 'the name of a database has letters, digits and underscores'],
  [['restore', 'local', 'basegun', '--at', 'noon'], '--at noon is no time'],
])('%j is refused', async (words, told) => {
  const { project, env } = deployedProject(outputsOf('https://basegun.localhost:8443'));
  const ended = await berthHere(words, project, env);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain(told);
});
