import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { together } from '../../../process/interrupt.ts';
import type { Progress } from '../../../process/progress.ts';
import type { Place } from '../../../pulumi/place.ts';
import { storageClass } from '../cluster/addOns.ts';
import { planCluster } from '../cluster/images.ts';
import { certResolver, ingressClass, ingressNamespace } from '../cluster/ingress.ts';
import { startCluster } from '../cluster/start.ts';
import { sweep } from './stack.ts';

/** A cluster on this computer, for people */
export interface PreparedCluster {
  /** Docker container of its first node */
  node: string;
  /** Address at which its ingress answers */
  address: string;
  /** File of the administrator's credentials, which only its owner can read */
  kubeconfig: string;
  /** What an environment file says of it */
  settings: Readonly<Record<'ingressClass' | 'ingressNamespace' | 'storageClass' | 'certResolver', string>>;
}

/** Makes what a cluster needs and is missing, starts it, and writes its kubeconfig */
export async function prepareCluster(place: Place, progress: Progress, nodes: 1 | 2): Promise<PreparedCluster> {
  const { stages, prepared } = await planCluster();
  await together(stages.map((stage) => progress.run(stage)));
  const { node, address, kubeconfig } = await progress.run({
    name: 'cluster',
    run: (log) => startCluster(place, prepared(), log, nodes),
  });
  const file = kubeconfigFile(place);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, kubeconfig, { mode: 0o600 });
  await rename(`${file}.new`, file);
  const settings = { ingressClass, ingressNamespace, storageClass, certResolver };
  return { node, address, kubeconfig: file, settings };
}

/** Removes a place's cluster with all of its data. Returns whether there was one. */
export async function removeCluster(place: Place): Promise<boolean> {
  const removed = await sweep(place);
  await rm(kubeconfigFile(place), { force: true });
  return removed.length > 0;
}

const kubeconfigFile = ({ folder, stack }: Place): string => join(folder, stack, 'kubeconfig');
