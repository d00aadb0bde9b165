import type { Draft } from '../draft.ts';
import type { Finding } from '../finding.ts';

/** Returns the text of `systems/<name>/README.md`: what runs where, what was not taken over, what to do after a failure */
export function readmeText({ name, from, services, jobs, database, caches, findings, secrets }: Draft): string {
  const parts = [
    `# ${name}`,
    `Written by \`berth new\`${from === undefined ? '' : ` from \`${from}\``}; it is yours from now on.`,
    [
      '| machine | what runs there |',
      '| --- | --- |',
      `| web | ${[...services, ...jobs.map((job) => ({ name: `job ${job.name}` }))].map((one) => one.name).join(', ')} |`,
      ...(database ? [`| database | ${database.kind === 'mysql' ? 'MySQL 8.0' : 'PostgreSQL 17'} |`] : []),
      ...caches.map((cache) => `| ${cache.name} | Redis, or the cloud's own cache |`),
    ].join('\n'),
    ...(Object.keys(secrets).length > 0
      ? [
          [
            'Its secrets, each set by',
            `\`pulumi config set --secret --path 'berth:secrets["${name}/<secret>"]'\`:`,
            ...Object.entries(secrets).map(([secret, what]) => `- \`${secret}\`: ${what}`),
          ].join('\n'),
        ]
      : []),
    ...(findings.length > 0
      ? [['## What is not as it was', ...findings.map(line)].join('\n\n').replaceAll('\n\n- ', '\n- ')]
      : []),
    ...(jobs.some(({ when }) => when === 'release')
      ? [
          '## A migration that failed',
          'The release that could not migrate serves nobody, and the former one goes on. `berth run <stack> ' +
            `${name} <job>\` shows the job's output again. Repair the data or the migration and deploy again; a backup is ` +
            'restored by `berth restore`.',
        ]
      : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

const line = ({ at, what, way }: Finding): string =>
  `- ${at ? `\`${at.file}\` line ${at.line}: ` : ''}${what}${way === undefined ? '' : `; ${way}`}`;
