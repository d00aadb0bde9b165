import type { Container } from '../model/service.ts';
import { asked } from './nginx.ts';

/** A container that answers HTTP, released without a failed request; what is not said has a default */
export type ContainerInput = Pick<Container, 'name' | 'image'> &
  Partial<Omit<Container, 'kind' | 'name' | 'image' | 'port' | 'health'>> & {
    /** The port that it listens on inside its network */
    port: number;
    /** The path that answers 2xx when it can serve; by wget or curl, of which its image has one, also from inside */
    healthPath: string;
    /** Where its image has neither: what docker runs inside it instead. @default wget or curl */
    healthCommand?: readonly string[];
    /** How long a new one may take until it answers. @default 60 */
    deadlineSeconds?: number;
  };

/**
 * A container that answers HTTP. It runs as nobody, writes to nothing but /tmp, and a release starts the new one beside the
 * old one, unless it is said otherwise.
 */
export const container = ({ healthPath, healthCommand, deadlineSeconds = 60, ...own }: ContainerInput): Container => ({
  kind: 'container',
  env: {},
  calls: [],
  mounts: [],
  rollout: 'colours',
  memoryMb: 256,
  cpus: 1,
  user: '10001:0',
  stopSeconds: 10,
  ...own,
  health: {
    path: healthPath,
    command: healthCommand ?? ['sh', '-c', asked(`http://127.0.0.1:${own.port}${healthPath}`)],
    deadlineSeconds,
  },
});
