import type { Container } from '../model/service.ts';
import { asked } from './nginx.ts';

/** Input of `container`: a container that answers HTTP and is released without a failed request */
export type ContainerInput = Pick<Container, 'name' | 'image'> &
  Partial<Omit<Container, 'kind' | 'name' | 'image' | 'port' | 'health'>> & {
    /** Port on which it listens inside its docker network */
    port: number;
    /**
     * Path that answers 2xx when the service is ready; the default health check requests it with the image's wget or
     * curl
     */
    healthPath: string;
    /** Health check command inside the container, for images without wget and curl. @default wget or curl */
    healthCommand?: readonly string[];
    /** Seconds that a new container may take to become healthy. @default 60 */
    deadlineSeconds?: number;
  };

/**
 * Returns a container that answers HTTP. By default it runs as an unprivileged user, can write only to /tmp, and a
 * release starts the new container beside the old one.
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
