import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { baseTag } from '../../../src/clouds/local/images/base.ts';
import { checkout } from '../../../src/paths.ts';
import { captured } from '../../../src/process/captured.ts';
import { writeProject } from '../../e2e/project.ts';
import { freePort } from '../../freePort.ts';
import { type Edge, edges } from './visit.ts';

/** A project with the one system, on two local machines of its own */
export interface TrafficProject {
  sites: Readonly<Record<Edge, string>>;
  /** Deploys a version of it, as a person does */
  release(version: string): Promise<void>;
  remove(): Promise<void>;
}

const own = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const image = 'traffic.test/app:1.0.0';

export async function trafficProject(environment: NodeJS.ProcessEnv): Promise<TrafficProject> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-traffic-'));
  await writeProject(folder);
  const [traefik, nginx] = [await freePort(), await freePort()];
  await mkdir(join(folder, 'systems', 'traffic'), { recursive: true });
  const text = (await readFile(own('system.ts'), 'utf8')).replace('9461', `${traefik}`).replace('9462', `${nginx}`);
  await writeFile(join(folder, 'systems', 'traffic', 'system.ts'), text);
  await mkdir(join(folder, 'app'));
  await copyFile(own('app.py'), join(folder, 'app', 'app.py'));
  await writeFile(join(folder, 'app', 'Dockerfile'), dockerfile);
  const run = async (program: string, ...words: string[]) => {
    const { code, stdout, stderr } = await captured(program, words, { cwd: folder, env: environment });
    if (code !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  };
  const berth = (...words: string[]) => run(process.execPath, join(checkout, 'src', 'start', 'berth.js'), ...words);
  await run('docker', 'build', '--quiet', '--tag', image, 'app');
  const file = join(folder, 'Pulumi.local.yaml');
  return {
    sites: Object.fromEntries(
      edges.map((edge, at) => [edge, `https://${edge}.localhost:${[traefik, nginx][at]}`]),
    ) as Record<Edge, string>,
    async release(version) {
      const former = await readFile(file, 'utf8').catch(() => '');
      if (former) await writeFile(file, former.replace(/version: \S+/, `version: ${version}`));
      await berth('local', 'traffic');
    },
    async remove() {
      await berth('local', '--down').catch(() => undefined);
      await captured('docker', ['image', 'rm', '--force', image], { cwd: folder, env: environment });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const dockerfile = `FROM ${baseTag}
RUN apt-get update -q && apt-get install -q -y --no-install-recommends python3-aiohttp curl
COPY app.py /
USER 10001
CMD ["python3", "-u", "/app.py"]
`;
