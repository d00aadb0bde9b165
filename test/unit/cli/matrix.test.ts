import { expect, test } from 'vitest';
import { berthHere } from './berth.ts';

test('the matrix names who, what, port and why, and says that all else is closed', async () => {
  const { code, stdout } = await berthHere(['matrix', 'prod']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^FROM +TO +PORT +WHY\n/);
  expect(stdout).toMatch(
    /^gateway: 203\.0\.113\.0\/28, 203\.0\.113\.64\/28 +basegun web \(1 machine\) +80\/tcp +users arrive/m,
  );
  expect(stdout).toMatch(/^operators: 198\.51\.100\.0\/24 +basegun web \(1 machine\) +22\/tcp +operators administer/m);
  expect(stdout).toContain('\nEverything else is closed');
});

test('its JSON has the keys that --help promises', async () => {
  const { stdout } = await berthHere(['matrix', 'preprod', '--json']);
  const { open, ...rest } = JSON.parse(stdout);
  expect({ ...rest, open: open.slice(0, 3) }).toMatchObject({
    stack: 'preprod',
    otherwise: 'closed',
    open: [
      { system: 'basegun', from: { kind: 'internet' }, to: { role: 'web', machines: ['basegun-web-0'] }, port: 80 },
      { from: { kind: 'internet' }, port: 443, protocol: 'tcp', why: 'users open the site' },
      { from: { kind: 'operators', networks: ['198.51.100.0/24'] }, port: 22 },
    ],
  });
});
