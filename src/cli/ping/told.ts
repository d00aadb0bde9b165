/** What a machine told of itself */
export interface Told {
  /** Seconds since 1970 */
  clock: number;
  disks: readonly { usedPercent: number; folder: string }[];
  /** Version of its current release; undefined where it has none */
  version: string | undefined;
  /** When that release went live (ISO 8601, UTC); undefined where nothing tells */
  liveSince: string | undefined;
  /** Services with what is wrong with each, empty for those that are well, and the image of a container */
  services: readonly { name: string; wrong: string; image?: string }[];
  /** End of the certificate that its edge shows; undefined where nothing listens */
  certificateEnd: Date | undefined;
}

/** Parses the output of `pingScript` */
export function parsedPing(stdout: string): Told {
  const lines = stdout.split('\n').map((line) => /^(\S+) (.*)$/.exec(line) ?? []);
  const all = (word: string): readonly string[] =>
    lines.flatMap(([, key, value = '']) => (key === word ? [value] : []));
  const [end] = all('certificate');
  return {
    clock: Number(all('clock')[0]),
    disks: all('disk').map((text) => {
      const [percent, folder = ''] = text.split(' ');
      return { usedPercent: Number(percent), folder };
    }),
    version: all('version')[0],
    liveSince: all('live')[0],
    services: [
      ...all('container').map(container),
      ...all('process').map(process),
      ...all('engine').map(() => ({ name: 'docker', wrong: 'does not answer' })),
    ],
    certificateEnd: end === undefined ? undefined : new Date(end),
  };
}

function container(text: string) {
  const [name = '', state, status = '', image] = text.split('|');
  const wrong = state === 'running' && !status.includes('(unhealthy)') ? '' : status || 'is not there';
  return { name, wrong, ...(image && { image }) };
}

function process(text: string) {
  const [name = '', state = ''] = text.split(' ');
  return { name, wrong: state === 'RUNNING' ? '' : state };
}
