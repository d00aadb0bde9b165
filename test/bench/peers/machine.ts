import { made } from '../../e2e/beside.ts';
import { tenantHost } from '../../e2e/existing/host.ts';
import type { ExistingStack } from '../../e2e/existing/stack.ts';
import { run, stdoutOf } from '../../e2e/stack.ts';
import { freePort } from '../../freePort.ts';
import type { Target } from './contender.ts';
import { kamalProxy, peerMachine } from './recipes.ts';
import { wire } from './wire.ts';

export interface PeerMachine extends Target {
  remove(): Promise<void>;
}

/** Builds the images of machine and proxy, and returns what makes machines that are alike: bare, with every image loaded */
export async function machines(stack: ExistingStack) {
  const image = await made(peerMachine);
  const proxy = await made(kamalProxy);
  let number = 0;
  return async function machine(name: string): Promise<PeerMachine> {
    const container = `berth-${stack.name}-${name}-${number++}`;
    const port = await freePort();
    const loaded = /basegun-(backend|frontend):|traefik|filebeat/;
    const host = await tenantHost(container, stack.deployKey, stack.images, {
      image,
      sshPort: port,
      loaded,
      shared: false,
    });
    try {
      const { code, output } = await run(
        'bash',
        ['-c', `docker save ${proxy} | docker exec -i ${container} docker load`],
        process.env,
      );
      if (code !== 0) throw new Error(output);
      const opened = await wire(port, { host: host.address, port });
      return {
        host,
        wire: opened,
        async remove() {
          opened.close();
          await host.remove();
        },
      };
    } catch (error) {
      await host.remove();
      throw error;
    }
  };
}

/** Versions of what is compared and of what it runs on */
export async function versionsOf({ host }: Target, ansible: string): Promise<Record<string, string>> {
  const first = (text: string) => text.split('\n')[0]?.trim() ?? '';
  const env = { PYTHONPATH: ansible.replace(/\/bin\/[^/]*$/, '') };
  const { output } = await run('python3', [ansible, '--version'], { ...process.env, ...env });
  const { output: mitogen } = await run('python3', ['-c', 'import mitogen; print(*mitogen.__version__, sep=".")'], {
    ...process.env,
    ...env,
  });
  return {
    node: process.version,
    ansible: first(output),
    mitogen: first(mitogen),
    'kamal-proxy': '0.9.2',
    docker: first(await host.inside("docker version --format '{{.Server.Version}}'")),
    'docker compose': first(await host.inside('docker compose version --short')),
    ssh: first(await host.inside('sshd -V 2>&1 || true')),
    kernel: first(await stdoutOf('uname', ['-r'])).replace(/-.*/, ''),
  };
}
