import { expect, test } from 'vitest';
import type { Job } from '../../../src/model/job.ts';
import { bundle } from '../../../src/render/bundle.ts';
import { machineInput, role } from '../../unit/render/fixtures.ts';
import { changed, type Entries, lastRelease, releaseIn, send, withRelease } from '../byHand.ts';
import { eventually } from '../client.ts';
import { drift } from '../drift.ts';
import { farOff } from '../farOff.ts';
import { inMachine, machineContainer, stdoutOf, type TestStack } from '../stack.ts';

/** Jobs on a calendar; each test continues from the state of the one before */
export function calendars(stackOf: () => TestStack): void {
  const machine = (script: string) => inMachine(stackOf(), script);
  const record = async () =>
    JSON.parse((await machine('cat /var/lib/berth/basegun/jobs/tick.json 2>/dev/null || true')) || '{}');
  const unit = 'berth-job-basegun-tick';

  test('a job on a calendar runs at its time, and the journal has its output and result', async () => {
    const release = await lastRelease(stackOf());
    const released = await send(changed(release, (entries) => withJob(entries, '*-*-* *:*:00/20'))).done;
    expect(released, released.output).toMatchObject({ code: 0 });
    const ran = await eventually(60, record, ({ result }) => result === '');
    expect(ran).toMatchObject({ job: 'tick', result: '' });
    // The record is written before the journal
    const journal = () => machine('journalctl -t berth --no-pager --lines 30');
    const said = await eventually(60, journal, (text) => text.includes('job tick succeeded'));
    expect(said).toContain('tick: it ticks');
    expect(said).toContain('job tick succeeded');
    // A busy machine begins a run late, never early: two runs never begin in one third of a minute
    const third = ({ began }: { began: number }) => Math.floor(began / 20);
    const next = await eventually(60, record, ({ began, result }) => began > ran.began && result === '');
    expect(third(next)).toBeGreaterThan(third(ran));
    expect(await drift(stackOf())).toEqual([]);
  });

  test('it never runs twice at the same time: a request during a run is refused', async () => {
    // The timer would be a third one
    await machine(
      `systemctl stop ${unit}.timer; while systemctl is-active --quiet ${unit}.service; do sleep 0.2; done`,
    );
    const engine = '/usr/bin/python3 -I /var/lib/berth/basegun/current/engine job /var/lib/berth/basegun/current tick';
    const codes = await machine(`for n in 1 2; do { ${engine} >/dev/null 2>&1; echo $?; } & done; wait`);
    expect(codes.trim().split('\n').sort()).toEqual(['0', '75']);
  });

  test('a run that was missed while the machine was off is caught up at its start', async () => {
    const release = await lastRelease(stackOf());
    // So that only the missed run can start
    const sent = await send(changed(release, (entries) => withJob(entries, farOff()))).done;
    expect(sent, sent.output).toMatchObject({ code: 0 });
    const before = await record();
    await machine(
      `systemctl stop ${unit}.timer; touch --date '2 days ago' /var/lib/systemd/timers/stamp-${unit}.timer; sync`,
    );
    await stdoutOf('docker', ['restart', '--time', '60', await machineContainer(stackOf())]);
    const after = await eventually(240, record, ({ began, result }) => began > before.began && result === '');
    expect(after.result).toBe('');
  });

  test('a release without the job removes its timer', async () => {
    const sent = await send(await lastRelease(stackOf())).done;
    expect(sent, sent.output).toMatchObject({ code: 0 });
    expect(
      await machine(`ls /etc/systemd/system /etc/systemd/system/timers.target.wants | grep berth-job || true`),
    ).toBe('');
    expect(await machine(`systemctl list-units --all --no-legend '${unit}*'`)).toBe('');
    expect(await drift(stackOf())).toEqual([]);
  });
}

/** Adds a job to a release, rendered as berth does, with an image of the release */
function withJob(entries: Entries, calendar: string): Entries {
  const image = releaseIn(entries).images[0] ?? '';
  const job: Job = {
    name: 'tick',
    when: { calendar, zone: 'UTC' },
    steps: [
      {
        ...{ image, command: ['sh', '-c', 'echo it ticks; sleep 2'], env: {}, calls: [], mounts: [] },
        ...{ memoryMb: 50, cpus: 1, user: '65534:65534', stopSeconds: 5 },
      },
    ],
    deadlineSeconds: 120,
    onceAcrossMachines: true,
  };
  const input = machineInput();
  const of = { blueprint: { ...input.blueprint, system: 'basegun' }, machine: { ...input.machine, system: 'basegun' } };
  const made = bundle({ ...input, ...of, role: role({ jobs: [job] }) }).entries;
  const own = Object.entries(made).filter(([path]) => path === 'jobs.yaml' || path.includes('/berth-job-'));
  const { jobs, files, units } = releaseIn(made);
  return withRelease({ ...entries, ...Object.fromEntries(own) }, (release) => ({
    ...release,
    // Each calendar needs its own release name
    name: `${release.name.slice(0, 8)}${Buffer.from(calendar).toString('hex').slice(-8)}`,
    jobs,
    files: [...release.files, ...files.filter(({ path }) => path.includes('/berth-job-'))],
    units: [...release.units, ...units.filter((name) => name.startsWith('berth-job-'))],
  }));
}
