import * as pulumi from '@pulumi/pulumi';
import type { Host } from '../clouds/cloud.ts';
import { engineCommand } from '../render/paths.ts';

/** Returns the SSH login of a machine for the stack's outputs; host keys are public keys */
export function sshOutputs({ user, address, port, hostKey, proxy }: Host): Record<string, unknown> {
  if (!proxy) return { user, address, port, hostKey };
  const { privateAddress: _, ...bastion } = proxy;
  return { user, address, port, hostKey, proxy: bastion };
}

/** Returns the command that removes berth from an adopted machine after it has left the stack */
export function retirement(system: string, { user, address, port, proxy }: Host): pulumi.Output<string> {
  const way = proxy ? `-J ${proxy.user}@${proxy.address}:${proxy.port} ` : '';
  return pulumi.interpolate`ssh ${way}-p ${port} ${user}@${address} sudo ${engineCommand(system, 'retire')}`;
}
