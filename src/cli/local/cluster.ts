import { join } from 'node:path';
import { type PreparedCluster, prepareCluster, removeCluster } from '../../clouds/local/setUp/cluster.ts';
import { prepareDocker } from '../../clouds/local/setUp/prepare.ts';
import { findProject } from '../../config/file.ts';
import { createProgress, duration } from '../../process/progress.ts';
import { placeIn } from '../../pulumi/place.ts';

/**
 * Starts the project's Kubernetes cluster on this computer, or removes it
 * @param nodes a second one is added to a cluster that runs, and stays
 * @returns the exit code
 * @throws for names of systems: the cluster is started without any
 */
export async function bringCluster(
  systems: readonly string[],
  direction: 'up' | 'down',
  nodes: 1 | 2,
): Promise<number> {
  if (systems.length > 0) {
    throw new Error(
      `--kubernetes takes no systems, and ${systems.join(', ')} was named: it starts a cluster, to which a stack with cloud: kubernetes deploys`,
    );
  }
  const began = Date.now();
  const project = findProject(process.cwd());
  // What is made carries the labels of the project in which this process works
  process.chdir(project);
  const place = placeIn(project, 'cluster');
  const progress = createProgress(join(place.folder, 'logs'));
  await prepareDocker(progress);
  if (direction === 'down') {
    console.log((await removeCluster(place)) ? 'the cluster is removed' : 'no cluster runs here: nothing to remove');
    return 0;
  }
  const cluster = await prepareCluster(place, progress, nodes);
  progress.summary();
  console.log(welcomeToCluster(cluster));
  console.log(`\nready in ${duration((Date.now() - began) / 1000)}`);
  return 0;
}

/** Returns a text for the first look at a cluster: where it answers, what a file says of it, how to take it down */
export const welcomeToCluster = ({ node, address, kubeconfig, settings }: PreparedCluster): string =>
  [
    '',
    `  A cluster with Traefik at ${address}, ports 80 and 443. An environment file says of it:`,
    '',
    '    berth:clouds:',
    '      kubernetes:',
    ...Object.entries(settings).map(([key, value]) => `        ${key}: ${value}`),
    '',
    `  docker exec ${node} kubectl get pods --all-namespaces   what runs in it`,
    `  kubectl --kubeconfig ${kubeconfig} …   with a kubectl of your own`,
    '  npx berth local --kubernetes --down   remove everything again',
  ].join('\n');
