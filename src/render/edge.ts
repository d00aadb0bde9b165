import type { Edge } from '../model/edge.ts';
import type { EdgeFiles } from './edgeFiles.ts';
import type { MachineInput } from './machine.ts';
import { nginxFiles } from './nginx.ts';
import { edgeCertificates, edgeLogs, traefikFiles } from './traefik.ts';

/** What an edge of either kind has on its machine */
export function edgeFiles(edge: Edge, input: MachineInput): EdgeFiles {
  if (edge.kind === 'nginx') return nginxFiles(edge, input);
  const { system } = input.blueprint;
  const { hash, compose, start, routes } = traefikFiles(edge, input);
  return {
    hash,
    compose,
    start,
    host: [],
    routes: { name: 'routes.yaml', text: routes },
    folders: [edgeCertificates(system), edgeLogs(system)],
    packages: [],
  };
}
