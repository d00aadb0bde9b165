import type { CpuProfile } from './program.ts';

/** Whose code a frame is; the last that fits */
const owners: readonly (readonly [RegExp, string])[] = [
  [/^node:/, 'Node itself: reading and compiling modules, files, sockets'],
  [/node_modules\//, 'other packages'],
  [/node_modules\/@pulumi\/pulumi\//, "Pulumi's runtime"],
  [/node_modules\/(@grpc|google-protobuf)/, 'gRPC and protobuf'],
  [/node_modules\/(@pulumi\/(openstack|aws|azure-native|tls|command|kubernetes)|@ovhcloud)/, 'SDKs of clouds'],
  [/\.berth\/bundles\/|\/src\//, 'berth, with the libraries in its bundle'],
];

export interface Folded {
  /** Stacks in the form of flame graphs: `caller;callee microseconds` */
  lines: string[];
  /** Milliseconds on the processor, by owner of the frame that ran; idle time is left out */
  owners: ReadonlyMap<string, number>;
}

/** Folds a profile into stacks, and sums whose code ran */
export function folded({ nodes, samples, timeDeltas }: CpuProfile): Folded {
  const frames = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const [stacks, sums] = [new Map<string, number>(), new Map<string, number>()];
  samples.forEach((id, at) => {
    const microseconds = timeDeltas[at + 1] ?? 0;
    const frame = frames.get(id);
    if (!frame || /^\((idle|program|root)\)$/.test(frame.functionName)) return;
    const path: string[] = [];
    for (let node: number | undefined = id; node !== undefined; node = parents.get(node)) {
      const { functionName = '', url = '' } = frames.get(node) ?? {};
      if (functionName !== '(root)') path.unshift(nameOf(functionName, url));
    }
    add(stacks, path.join(';'), microseconds);
    add(
      sums,
      frame.functionName === '(garbage collector)' ? 'garbage collection' : ownerOf(frame.url),
      microseconds / 1000,
    );
  });
  return { lines: [...stacks].map(([stack, microseconds]) => `${stack} ${Math.round(microseconds)}`), owners: sums };
}

const add = (to: Map<string, number>, key: string, value: number): Map<string, number> =>
  to.set(key, (to.get(key) ?? 0) + value);

const ownerOf = (url: string): string =>
  owners.reduce(
    (found, [pattern, owner]) => (pattern.test(url) ? owner : found),
    'Node itself: reading and compiling modules, files, sockets',
  );

/** Without what is different on each computer */
const nameOf = (name: string, url: string): string => {
  const place = url
    .replace(/.*node_modules\//, '')
    .replace(/^file:\/\//, '')
    .replace(/.*\/(?=[^/]+$)/, (path) => (url.includes('node_modules') ? path : ''));
  // The bundler names a module's function by the way to it
  const called = name.replace(/^(?:\.\.\/)+.*?(?=(?:src|systems|node_modules)\/)/, '');
  return `${called || '(module)'} ${place}`.trim().replaceAll(';', ',');
};
