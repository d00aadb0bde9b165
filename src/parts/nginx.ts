import type { ConfigFile, Container } from '../model/service.ts';

/** Plain nginx image, also a base of page images */
export const nginxImage = 'docker.io/library/nginx:1.28.0';

/** Returns an nginx container on port 8080 with a given configuration, as an unprivileged user */
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
  /** Image with nginx, and wget or curl */
  image: string;
  /** Files mounted at /etc/berth; nginx starts with `nginx.conf` */
  files: Readonly<Record<string, ConfigFile>> & { 'nginx.conf': ConfigFile };
  /** Path that nginx answers without a backend */
  healthPath: string;
  memoryMb: number;
  scratchMb?: number;
  stopSeconds: number;
}

/** Returns a shell command that requests a URL inside a container; the URL must not redirect */
export const asked = (url: string): string =>
  `wget -qO /dev/null ${url} || curl -so /dev/null -w "%{http_code}" ${url} | grep -q ^2`;
