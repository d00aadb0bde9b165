import { callsOf } from '../../model/inCluster.ts';
import { imageOf } from '../machine.ts';
import { fileText } from '../template.ts';
import { securityOf } from './container.ts';
import { literal } from './contents.ts';
import type { ClusterInput } from './input.ts';
import { volumeGroup } from './pod.ts';
import { servicePorts } from './services.ts';

/**
 * Returns the container that a pod starts with whose program calls other roles and does not ask twice: a policy learns of a
 * new pod a moment after it runs, and refuses it until then. None where the role calls no other.
 */
export function reaching(
  input: Pick<ClusterInput, 'blueprint' | 'settings' | 'images'>,
  role: string,
): readonly object[] {
  const targets = callsOf(input.blueprint, role).map((called) => `${called.role}:${servicePort(input, called)}`);
  if (targets.length === 0) return [];
  return [
    {
      ...{ name: 'reach', image: imageOf(input, input.settings.toolsImage) },
      ...{ command: ['sh', '-c', literal(fileText('cluster/reach.sh')), 'reach'], args: targets },
      resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '32Mi' } },
      securityContext: securityOf(`${volumeGroup}:${volumeGroup}`),
    },
  ];
}

/** The port at which a role's Service leads to one of its containers */
function servicePort(
  { blueprint }: Pick<ClusterInput, 'blueprint'>,
  { role, port }: { role: string; port: number },
): number {
  const called = blueprint.roles[role];
  return (called && servicePorts(called).find(({ targetPort }) => targetPort === port)?.port) ?? port;
}
