import type { Source } from './compose/service.ts';
import type { Finding, Place } from './finding.ts';
import { hyphenated } from './names.ts';

export interface Mounted {
  mounts: readonly { name: string; path: string; readOnly: boolean }[];
  findings: readonly Finding[];
}

/** Returns the folders of a service whose data are kept, and what becomes of its other mounts */
export function mounted(source: Source): Mounted {
  const each = source.volumes.map((volume, index) => placed(source, volume, source.at('volumes', index)));
  return {
    mounts: each.flatMap(({ mount }) => mount ?? []),
    findings: each.flatMap(({ finding }) => finding ?? []),
  };
}

type Volume = Source['volumes'][number];

interface Placed {
  mount?: Mounted['mounts'][number];
  finding?: Finding;
}

function placed(source: Source, volume: Volume, at: Place | undefined): Placed {
  const { name } = source;
  const { kind, source: from, target, readOnly } = volume;
  const finding = (level: Finding['kind'], what: string, way?: string): { finding: Finding } => ({
    finding: { kind: level, ...(at && { at }), what, ...(way !== undefined && { way }) },
  });
  if (/docker\.sock|podman\.sock|containerd\.sock/.test(from)) {
    const way = `leave it out: --without ${name}; berth releases, restarts and watches containers itself`;
    return finding('refused', `${name} is given docker's socket, by which it could take over its machine`, way);
  }
  if (/^\/etc\/(localtime|timezone)$/.test(from)) return {};
  if (kind === 'tmpfs') return finding('left', `${name} has memory at ${target}`, 'only /tmp can be written to');
  if (from === '') return /node_modules/.test(target) ? {} : { mount: keep(`${name}-${target}`, volume) };
  if (kind === 'volume') return { mount: keep(from, volume) };
  if (isCode(source, volume))
    return finding('left', `${name} has its code from ${from}`, 'the image holds it: COPY in its Dockerfile');
  if (readOnly || isFile(from)) {
    const way = 'put it into the image, or give it by `config` of the container in system.ts';
    return finding('left', `${name} has ${from} of the computer at ${target}`, way);
  }
  const what = `${name} keeps ${target} on its machine's data disk, empty at first, and not in ${from}`;
  return { mount: keep(from, volume), ...finding('changed', what) };
}

const isFile = (path: string): boolean => /\.[a-z0-9]+$/i.test(path.replace(/^[./]+/, '')) || /file$/i.test(path);

const keep = (name: string, { target, readOnly }: Volume) => ({
  name: hyphenated(name),
  path: target,
  readOnly,
});

/** Whether a folder of the computer is the code of an image that is built here */
const isCode = ({ build }: Source, { source: from }: Volume): boolean =>
  build !== undefined &&
  (/^\.\/?$/.test(from) || /(^|\/)(src|app|code|public|lib|backend|frontend|api|web)\/?$/.test(from));
