import type { ConfigFile, Container } from '../model/service.ts';

/** Nginx by itself, which pages may stand on */
export const nginxImage = 'docker.io/library/nginx:1.28.0';

/** An nginx in a container, on port 8080, by a configuration of ours and as nobody on the host */
export const nginxServer = ({
  name,
  image,
  files,
  healthPath,
  memoryMb,
  scratchMb,
  stopSeconds,
}: Input): Container => ({
  kind: 'container',
  name,
  image,
  command: ['nginx', '-c', '/etc/berth/nginx.conf', '-g', 'daemon off;'],
  env: {},
  port: 8080,
  calls: [],
  config: { path: '/etc/berth', files },
  mounts: [],
  rollout: 'colours',
  health: { path: healthPath, command: ['sh', '-c', asked(`http://127.0.0.1:8080${healthPath}`)], deadlineSeconds: 60 },
  check: ['nginx', '-t', '-c', '/etc/berth/nginx.conf'],
  memoryMb,
  ...(scratchMb && { scratchMb }),
  cpus: 1,
  user: '10001:0',
  stopSeconds,
});

interface Input {
  name: string;
  /** One that has nginx, and wget or curl */
  image: string;
  /** Mounted at /etc/berth; `nginx.conf` is the one that it starts with */
  files: Readonly<Record<string, ConfigFile>> & { 'nginx.conf': ConfigFile };
  /** What the configuration answers by itself */
  healthPath: string;
  memoryMb: number;
  scratchMb?: number;
  stopSeconds: number;
}

/** Asks a server of ours inside its container: none of them redirects that path */
export const asked = (url: string): string =>
  `wget -qO /dev/null ${url} || curl -so /dev/null -w "%{http_code}" ${url} | grep -q ^2`;
