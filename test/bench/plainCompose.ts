import { stringify } from 'yaml';
import type { Client } from '../e2e/client.ts';
import { inMachine, type TestStack } from '../e2e/stack.ts';

/** What is measured against: the same containers, machine and edge, recreated in place by `docker compose up` */
export interface PlainCompose {
  /** Asks what compose runs, as a client asks the site */
  site: Client;
  release(version: string): Promise<void>;
  remove(): Promise<void>;
}

const folder = '/root/plain';
const routes = '/var/lib/berth/basegun/edge/plain.yaml';
const prefix = '/plain';
const port = 18_080;

/** Starts it beside the site, under a path of its own. Both versions must have been released on the machine before */
export async function plainCompose(stack: TestStack, site: Client, version: string): Promise<PlainCompose> {
  await inMachine(
    stack,
    `mkdir -p ${folder}; ${written(routes, edgeRoutes)}; ${written(`${folder}/start.sh`, script)}`,
  );
  const release = async (to: string): Promise<void> => {
    await inMachine(stack, `bash ${folder}/start.sh ${to}`);
  };
  await release(version);
  return {
    site: {
      get: (path) => site.get(prefix + path),
      getAnew: (path) => site.getAnew(prefix + path),
      post: (path, file) => site.post(prefix + path, file),
      close: () => undefined,
    },
    release,
    async remove() {
      await inMachine(stack, `rm ${routes}; cd ${folder}; docker compose down --timeout 5; rm -r ${folder}`);
    },
  };
}

const written = (path: string, text: string): string => `base64 -d <<<${Buffer.from(text).toString('base64')} >${path}`;

const edgeRoutes = stringify({
  http: {
    routers: {
      plain: { entryPoints: ['websecure'], rule: `PathPrefix(\`${prefix}\`)`, middlewares: ['bare'], service: 'plain' },
    },
    middlewares: { bare: { stripPrefix: { prefixes: [prefix] } } },
    services: { plain: { loadBalancer: { servers: [{ url: `http://127.0.0.1:${port}` }] } } },
  },
});

/** Images and configuration of a version are those of its own release */
const script = `set -euo pipefail
release=$(grep -l ""version": "$1"" /var/lib/berth/basegun/releases/*/release.json | head -n 1)
images() { python3 -c 'import json, sys; print(*json.load(open(sys.argv[1]))["images"], sep="\\n")' "$release"; }
configuration=$(ls -d /etc/berth/basegun/frontend/*/ | head -n 1)
cat >${folder}/compose.yaml <<EOF
services:
  backend:
    image: $(images | grep backend)
    init: true
    environment: { PATH_LOGS: /tmp, HOME: /tmp, WORKSPACE: plain }
  frontend:
    image: $(images | grep frontend)
    init: true
    command: [nginx, -c, /etc/berth/nginx.conf, -g, daemon off;]
    volumes: ["$configuration:/etc/berth:ro"]
    ports: ["127.0.0.1:${port}:8080"]
    depends_on: [backend]
EOF
cd ${folder}
docker compose up --detach --wait --quiet-pull
`;
