import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storageClass } from '../../clouds/local/cluster/addOns.ts';
import { planCluster } from '../../clouds/local/cluster/images.ts';
import { certResolver, ingressClass, ingressNamespace } from '../../clouds/local/cluster/ingress.ts';
import { type Cluster, startCluster } from '../../clouds/local/cluster/start.ts';
import { prepareDocker } from '../../clouds/local/setUp/prepare.ts';
import { sweep } from '../../clouds/local/setUp/stack.ts';
import { findProject } from '../../config/file.ts';
import { together } from '../../process/interrupt.ts';
import { createProgress, duration } from '../../process/progress.ts';
import { type Place, placeIn } from '../../pulumi/place.ts';

const stack = 'cluster';

/**
 * Starts the project's Kubernetes cluster on this computer, or removes it
 * @returns the exit code
 * @throws for names of systems: the cluster is started without any
 */
export async function bringCluster(systems: readonly string[], direction: 'up' | 'down'): Promise<number> {
  if (systems.length > 0) {
    throw new Error(
      `--kubernetes takes no systems, and ${systems.join(', ')} was named: it starts a cluster, to which a stack with cloud: kubernetes deploys`,
    );
  }
  const project = findProject(process.cwd());
  // What is made carries the labels of the project that this process works in
  process.chdir(project);
  const place = placeIn(project, stack);
  return direction === 'up' ? up(place) : down(place);
}

async function up(place: Place): Promise<number> {
  const began = Date.now();
  const progress = createProgress(join(place.folder, 'logs'));
  await prepareDocker(progress);
  const { stages, prepared } = await planCluster();
  await together(stages.map((stage) => progress.run(stage)));
  const cluster = await progress.run({ name: 'cluster', run: (log) => startCluster(place, prepared(), log) });
  progress.summary();
  const file = kubeconfigFile(place);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, cluster.kubeconfig, { mode: 0o600 });
  await rename(`${file}.new`, file);
  console.log(welcome(cluster, file));
  console.log(`\nready in ${duration((Date.now() - began) / 1000)}`);
  return 0;
}

async function down(place: Place): Promise<number> {
  const progress = createProgress(join(place.folder, 'logs'));
  await prepareDocker(progress);
  const removed = await sweep(place);
  await rm(kubeconfigFile(place), { force: true });
  console.log(removed.length > 0 ? 'the cluster is removed' : 'no cluster runs here: nothing to remove');
  return 0;
}

/** Returns the file of the administrator's credentials, which only its owner can read */
const kubeconfigFile = ({ folder, stack: name }: Place): string => join(folder, name, 'kubeconfig');

const welcome = ({ node, address }: Cluster, kubeconfig: string): string => `
  A cluster of one node, with Traefik at ${address}, ports 80 and 443. Its class of ingresses is ${ingressClass}, in namespace
  ${ingressNamespace}; its class of volumes is ${storageClass}; Traefik's resolver of certificates is ${certResolver}.

  docker exec ${node} kubectl get pods --all-namespaces
      what runs in it
  kubectl --kubeconfig ${kubeconfig} get pods --all-namespaces
      the same with a kubectl of your own
  npx berth local --kubernetes --down
      remove everything again`;
