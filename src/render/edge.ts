import { domainsOf, type Edge } from '../model/edge.ts';
import { certificatesFolder, certificateUnits } from './acme.ts';
import type { EdgeFiles } from './edgeFiles.ts';
import type { MachineInput } from './machine.ts';
import { nginxFiles } from './nginx.ts';
import { ownCertificate } from './ownCertificate.ts';
import { engineCommand } from './paths.ts';
import { edgeLogs, edgeUser, traefikFiles } from './traefik.ts';

/** Returns the files of an edge of either kind on its machine */
export function edgeFiles(
  edge: Edge,
  input: Pick<MachineInput, 'blueprint' | 'facts' | 'images' | 'machine' | 'proxy' | 'role' | 'secrets'>,
): EdgeFiles {
  if (edge.kind === 'nginx') return nginxFiles(edge, input);
  const { system } = input.blueprint;
  const { hash, compose, start, routes } = traefikFiles(edge, input);
  const acme = edge.tls.kind === 'acme' ? edge.tls : undefined;
  return {
    hash,
    compose,
    start,
    closed: ownCertificate(edge.tls, input)?.files ?? {},
    host: acme ? certificateUnits(system, askAgain(system)) : [],
    routes: { name: 'routes.yaml', text: routes },
    certificates: acme ? domainsOf(edge) : [],
    folders: [...(acme ? [certificatesFolder(acme, input)] : []), edgeLogs(system)].map(
      (path) => ['0700', edgeUser, path] as const,
    ),
    packages: [],
  };
}

/**
 * Timer that retries missing certificates: Traefik renews certificates but requests a refused one only once (traefik
 * #9405)
 */
const askAgain = (system: string) => ({
  description: `Asks again for certificates that the edge of ${system} lacks`,
  command: `${engineCommand(system, 'certificates')}`,
  // Let's Encrypt allows five failed attempts an hour
  calendar: '*:0/15',
  delay: '5m',
});
