import { z } from 'zod';

const outputsShape = z.looseObject({
  systems: z
    .record(z.string(), z.looseObject({ version: z.string().optional(), url: z.string().optional() }))
    .default({}),
});

/**
 * Says what somebody who has just deployed the local stack wants to know: where each system answers, how to look at
 * it, how to take it down.
 * @param outputs the stack's outputs
 */
export function welcome(outputs: unknown): string {
  const parsed = outputsShape.safeParse(outputs);
  const systems = parsed.success ? Object.entries(parsed.data.systems) : [];
  const rows = systems.map(([name, { version, url }]) => [
    [name, version].filter(Boolean).join(' '),
    url ?? 'no public address',
  ]);
  const width = Math.max(0, ...rows.map(([title = '']) => title.length));
  return [
    '',
    ...rows.map(([title = '', url]) => `  ${title.padEnd(width)}   ${url}`),
    '',
    '  npx berth status local      machines, addresses and live health',
    '  npx berth ssh local web     a shell on a machine; its logs: docker logs, journalctl',
    '  npm run local -- --down     take it all down again',
  ].join('\n');
}
