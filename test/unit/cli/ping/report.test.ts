import { expect, test } from 'vitest';
import type { Pinged } from '../../../../src/cli/ping/machines.ts';
import { report } from '../../../../src/cli/ping/report.ts';
import { parsedPing } from '../../../../src/cli/ping/told.ts';

const now = new Date('2026-05-01T00:00:00Z');
const well = `clock 1777593600.5
disk 41 /
disk 60 /var/lib/berth/shop/data
version 1.2.0
container api|running|Up 2 days (healthy)
container mysql|running|Up 2 days
process shop-page-blue RUNNING
certificate Jun 30 12:00:00 2026 GMT
`;

function told(output: string, clockOffSeconds = 0.4): Pinged {
  return {
    name: 'shop-web-0',
    version: '1.2.0',
    answer: { kind: 'told', told: parsedPing(output), clockOffSeconds, now, printed: output },
  };
}

test('a machine that is well is one line', () => {
  expect(report([told(well)])).toEqual({
    well: true,
    text: `MACHINE     LOGIN  CLOCK  DISK                              RELEASE  SERVICES  CERTIFICATE
shop-web-0  ok     +0 s   60 % of /var/lib/berth/shop/data  1.2.0    3 of 3    60 days
`,
  });
});

test.each([
  ['its clock', well, -95, 'its clock is off by -95 s: see timedatectl on it'],
  ['a disk', well.replace('disk 41', 'disk 93'), 0, '93 % of / is used: see sudo du'],
  ['its release', well.replace('1.2.0', '1.1.0'), 0, 'its release is 1.1.0, and 1.2.0 is deployed'],
  ['no release', well.replace('version 1.2.0\n', ''), 0, 'its release is missing, and 1.2.0 is deployed'],
  ['a container', well.replace('(healthy)', '(unhealthy)'), 0, 'api: Up 2 days (unhealthy)'],
  ['a container that ended', well.replace('running|Up 2 days\n', 'exited|Exited (1)\n'), 0, 'mysql: Exited (1)'],
  ['a process', well.replace('RUNNING', 'FATAL'), 0, 'shop-page-blue: FATAL'],
  ['its engine', `${well}engine down\n`, 0, 'docker: does not answer'],
  ['its certificate', well.replace('Jun 30', 'May 5'), 0, 'its certificate ends in 4 days'],
])('what is wrong with a machine is told: %s', (_, output, clockOff, problem) => {
  const { text, well: isWell } = report([told(output, clockOff)]);
  expect(isWell).toBe(false);
  expect(text).toContain(`shop-web-0: ${problem}`);
});

test('a login that fails is told with its reason, and a machine that is off by its schedule is not counted', () => {
  const off: Pinged = { name: 'shop-api-0', version: '1.2.0', answer: { kind: 'off', hours: 'off until mon 09:00' } };
  const failed: Pinged = { name: 'shop-web-0', version: '1.2.0', answer: { kind: 'failed', why: 'another host key' } };
  expect(report([off])).toMatchObject({ well: true, text: expect.stringContaining('off until mon 09:00') });
  expect(report([off, failed])).toMatchObject({
    well: false,
    text: expect.stringContaining('shop-web-0: login failed: another host key\n'),
  });
});

test('a machine without a site has no certificate, and that is well', () => {
  expect(report([told(well.replace(/certificate.*\n/, ''))])).toMatchObject({ well: true });
});
