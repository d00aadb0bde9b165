import { fileURLToPath } from 'node:url';
import type { Recipe } from '../../../src/clouds/local/images/recipes.ts';
import { runLogged } from '../../../src/process/stage.ts';
import { made } from '../../e2e/beside.ts';
import { inMachine, machineContainer, type TestStack } from '../../e2e/stack.ts';

const lynis: Recipe = { name: 'lynis', context: fileURLToPath(new URL('lynis', import.meta.url)) };

export interface Finding {
  /** Of the test */
  id: string;
  /** `warning` or `suggestion` */
  kind: string;
  /** Lynis' own words, with the setting that they are about */
  text: string;
}

export interface Audit {
  version: string;
  /** Of 100, by Lynis */
  index: number;
  /** Names of tests that were run, and of those that did not apply to the machine */
  executed: readonly string[];
  skipped: readonly string[];
  findings: readonly Finding[];
}

/** Has a released machine audited by Lynis, of which nothing stays there */
export async function audited(stack: TestStack, log: (line: string) => void): Promise<Audit> {
  const container = await machineContainer(stack);
  const copied = `docker run --rm --entrypoint tar ${await made(lynis)} -C / -c usr/sbin/lynis usr/share/lynis etc/lynis | docker exec --interactive ${container} tar -C / -x`;
  await runLogged('bash', ['-o', 'pipefail', '-c', copied], { log });
  const said = await inMachine(
    stack,
    `lynis audit system --quick --no-colors --quiet >/root/said 2>&1 || true; cat /var/log/lynis-report.dat
    rm -r /usr/sbin/lynis /usr/share/lynis /etc/lynis /root/said /var/log/lynis.log /var/log/lynis-report.dat`,
  );
  return auditIn(said);
}

/** Reads Lynis' report */
export function auditIn(report: string): Audit {
  const value = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(report)?.[1] ?? '';
  const tests = (name: string): string[] => value(name).split('|').filter(Boolean).sort();
  const found = [...report.matchAll(/^(warning|suggestion)\[\]=([A-Z0-9]+-\d+)\|([^|\n]*)\|([^|\n]*)/gm)];
  return {
    version: value('lynis_version'),
    index: Number(value('hardening_index')),
    executed: tests('tests_executed'),
    skipped: tests('tests_skipped'),
    findings: found.map(([, kind = '', id = '', text = '', about = '-']) => ({
      ...{ id, kind },
      text: about === '-' ? text : `${text}: ${about}`,
    })),
  };
}
