import { parse } from 'yaml';
import type { PreparedImages } from '../../../src/clouds/local/images/plan.ts';
import { runLogged } from '../../../src/process/stage.ts';
import type { Contender, Desired, Target } from './contender.ts';
import { appSteps, type KamalApp, setUpSteps } from './kamalSteps.ts';
import { type Log, project } from './project.ts';
import { removeWork } from './removeWork.ts';
import type { Work } from './work.ts';

/**
 * Kamal's way: the commands that `kamal setup` and `kamal deploy --skip-push` run on a machine, one after the other over one
 * login, without Kamal itself, whose start they spare. Page and API are two applications behind one kamal-proxy, the log
 * shipper is an accessory.
 */
export async function kamal(
  folder: string,
  privateKey: string,
  work: (desired: Desired, to: Target) => Work,
  images: PreparedImages,
  log: Log,
): Promise<Contender> {
  const own = await project(folder, privateKey);
  const ready = new Set<string>();
  return {
    name: "Kamal's way",
    async deploy(to, desired) {
      await own.aim(to);
      const { compose, configuration } = work(desired, to);
      const { services } = parse(compose) as {
        services: Record<string, { image: string; environment: Record<string, string> }>;
      };
      const app = (
        name: 'backend' | 'frontend',
        more: Omit<KamalApp, 'name' | 'version' | 'image' | 'environment' | 'stored'>,
      ): KamalApp => {
        const { image = '', environment = {} } = services[name] ?? {};
        return { name, version: desired.version, image, environment, stored: images.images[image] ?? image, ...more };
      };
      const apps = [
        app('backend', {
          port: 5000,
          health: '/version',
          prefix: '/api',
          options: ['--user 10001:0', '--volume /var/log/basegun/backend:/app/logs'],
        }),
        app('frontend', { port: 8080, health: '/', options: [] }),
      ];
      const filebeat = services.filebeat;
      const setUp = ready.has(to.host.address)
        ? []
        : setUpSteps({
            image: filebeat?.image ?? '',
            environment: filebeat?.environment ?? {},
            settings: configuration.find(({ path }) => path.includes('filebeat'))?.text ?? '',
          });
      for (const step of [...setUp, ...apps.flatMap(appSteps)])
        await runLogged('ssh', ['-F', own.sshConfig, 'machine', step.command], {
          log,
          input: step.input ?? '',
          timeoutSeconds: 120,
        });
      ready.add(to.host.address);
    },
    async reset(to) {
      await removeWork(to);
      ready.delete(to.host.address);
    },
    without: { file: 'it keeps no files on machines: they are in images, or in the environment of a container' },
    rest: own.rest,
  };
}
