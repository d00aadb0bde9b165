import { fileURLToPath } from 'node:url';
import { bareMachine, type Recipe } from '../images/recipes.ts';
import { type StandIn, standInTable } from '../images/table.ts';

/** Kubernetes' version, also of the nodes that berth's tests run on */
const version = '1.34.4';

const here = (name: string): string => fileURLToPath(new URL(`recipes/${name}`, import.meta.url));

const versioned = (path: string): string =>
  `-X ${path}.gitVersion=v${version} -X ${path}.gitMajor=1 -X ${path}.gitMinor=34`;

/** Image of a node that is a whole cluster */
export const nodeRecipe: Recipe = {
  name: 'cluster-node',
  context: here('node'),
  program: {
    name: 'kube',
    package: '.',
    linkerFlags: ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].map(versioned).join(' '),
  },
  parent: {
    name: 'cluster-policies',
    context: here('policies'),
    program: { name: 'kube-router', package: 'github.com/cloudnativelabs/kube-router/v2/cmd/kube-router' },
    parent: { name: 'cluster-packages', context: here('packages'), parent: bareMachine },
  },
};

/** Images that run in the cluster for all of its systems; the project's registry hands them out */
export const clusterImages = {
  dns: {
    production: 'docker.io/coredns/coredns:1.15.0',
    pulledWherePossible: true,
    recipe: {
      name: 'coredns',
      context: here('dns'),
      program: { name: 'coredns', package: '.' },
    },
  },
  pause: {
    production: 'registry.k8s.io/pause:3.10',
    pulledWherePossible: true,
    recipe: { name: 'pause', context: here('pause') },
  },
  /** Starts and stops what has a schedule */
  kubectl: {
    production: `registry.k8s.io/kubectl:v${version}`,
    pulledWherePossible: true,
    recipe: { name: 'kubectl', context: here('kubectl'), parent: nodeRecipe },
  },
  /** By which jobs wait for what they call */
  tools: {
    production: 'docker.io/library/busybox:1.37.0',
    pulledWherePossible: true,
    recipe: { name: 'tools', context: here('tools') },
  },
  traefik: ofTable('docker.io/library/traefik:'),
} as const satisfies Record<string, StandIn>;

function ofTable(start: string): StandIn {
  const found = standInTable([]).find(({ production }) => production.startsWith(start));
  if (!found) throw new Error(`the table of stand-ins has no ${start}`);
  return found;
}
