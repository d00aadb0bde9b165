import { imageTag } from '../../../src/clouds/local/images/keys.ts';
import { quoted } from '../../../src/render/quoted.ts';
import { kamalProxy } from './recipes.ts';

/** An application of a `deploy.yml` */
export interface KamalApp {
  name: string;
  version: string;
  /** Production reference */
  image: string;
  /** Where the machine's registry has it */
  stored: string;
  environment: Readonly<Record<string, string>>;
  port: number;
  health: string;
  /** Prefix of its paths. @default every path */
  prefix?: string;
  /** Options of `docker run` */
  options: readonly string[];
}

export interface Step {
  command: string;
  /** File that it uploads */
  input?: string;
}

const docker = (words: string): Step => ({ command: `sudo docker ${words}` });
const audit = (line: string): Step => ({ command: `mkdir -p .kamal && echo ${quoted(line)} >> .kamal/app-audit.log` });

/** `kamal setup`, up to its first deployment: docker is there, the accessory is started */
export const setUpSteps = (shipper: {
  image: string;
  environment: Readonly<Record<string, string>>;
  settings: string;
}): Step[] => [
  docker('-v'),
  { command: 'mkdir -p .kamal' },
  docker('network create kamal'),
  {
    command:
      'sudo install -d -o 10001 -g 0 /var/log/basegun/backend /var/lib/basegun/filebeat && sudo install -d /etc/basegun/filebeat',
  },
  { command: 'sudo tee /etc/basegun/filebeat/filebeat.yml >/dev/null', input: shipper.settings },
  {
    command:
      'mkdir -p .kamal/apps/basegun/env/accessories && umask 077 && cat >.kamal/apps/basegun/env/accessories/filebeat.env',
    input: environmentFile(shipper.environment),
  },
  docker(
    `run --name basegun-filebeat --detach --restart unless-stopped --network kamal --log-opt max-size=10m --user 10001:0 --env-file .kamal/apps/basegun/env/accessories/filebeat.env --volume /etc/basegun/filebeat:/etc/filebeat:ro --volume /var/log/basegun/backend:/var/log/shipped:ro --volume /var/lib/basegun/filebeat:/var/lib/filebeat --label service=basegun-filebeat ${shipper.image} -e -c /etc/filebeat/filebeat.yml`,
  ),
];

/** `kamal deploy --skip-push` of one application: lock, pull, proxy, boot, switch, stop, prune */
export function appSteps(app: KamalApp): Step[] {
  const service = `basegun-${app.name}`;
  const labels = `--filter label=service=${service} --filter label=role=web`;
  const container = `${service}-web-${app.version}`;
  const named = `sudo docker container ls --all --filter ${quoted(`name=^${container}$`)} --quiet`;
  const env = `.kamal/apps/${service}/env/roles/web.env`;
  const lock = `.kamal/lock-${service}`;
  return [
    { command: `mkdir -p .kamal && mkdir ${lock}` },
    { command: `echo locked >${lock}/details` },
    docker(`pull --quiet ${app.stored}`),
    docker(`inspect -f '{{ .Config.Labels.service }}' ${app.stored}`),
    { command: `sudo docker container start kamal-proxy || sudo ${proxy}` },
    {
      command: `sudo docker ps ${labels} --format '{{.Names}}' | while read line; do echo \${line#${service}-web-}; done`,
    },
    audit(`Tagging ${app.image} as the latest image`),
    docker(`tag ${app.stored} ${service}:latest`),
    { command: `mkdir -p .kamal/apps/${service}/env/roles` },
    { command: `umask 077 && cat >${env}`, input: environmentFile(app.environment) },
    // A container of the same version is renamed, and replaced as any other
    {
      command: `id=$(${named}); if [ -n "$id" ]; then sudo docker rename ${container} ${container}_replaced_$(od -An -N8 -tx1 /dev/urandom | tr -d ' '); fi`,
    },
    {
      command: `sudo docker ps --latest ${labels} --filter status=running --filter status=restarting --format '{{.Names}}' >.kamal/former-${service}`,
    },
    audit(`Booted app version ${app.version}`),
    docker(
      `run --detach --restart unless-stopped --name ${container} --network kamal --hostname machine-$(od -An -N6 -tx1 /dev/urandom | tr -d ' ') --env KAMAL_CONTAINER_NAME=${container} --env KAMAL_VERSION=${app.version} --env-file ${env} --log-opt max-size=10m --label service=${service} --label role=web --label destination ${app.options.join(' ')} ${app.image}`,
    ),
    {
      command: `id=$(${named} | cut -c 1-12) && sudo docker exec kamal-proxy kamal-proxy deploy ${service}-web --target=$id:${app.port} --deploy-timeout=30s --drain-timeout=30s --health-check-path=${app.health} ${app.prefix ? `--path-prefix=${app.prefix} ` : ''}--forward-headers --log-request-header=Cache-Control --log-request-header=User-Agent`,
    },
    { command: `former=$(cat .kamal/former-${service}); if [ -n "$former" ]; then sudo docker stop "$former"; fi` },
    {
      command: `sudo docker ps -q -a --filter label=service=${service} --filter status=created --filter status=exited --filter status=dead | tail -n +6 | while read id; do sudo docker rm $id; done`,
    },
    docker(`image prune --force --filter label=service=${service}`),
    { command: `rm ${lock}/details && rm -r ${lock}` },
  ];
}

const environmentFile = (environment: Readonly<Record<string, string>>): string =>
  Object.entries(environment)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

const proxy = `docker run --name kamal-proxy --network kamal --detach --restart unless-stopped --publish 80:80 --volume kamal-proxy-config:/home/kamal-proxy/.config/kamal-proxy --log-opt max-size=10m ${imageTag(kamalProxy)}`;
