import { inMachine, type Run } from '../../../../../test/e2e/stack.ts';
import type { Scene } from './scene.ts';
import { versionIn } from './visits.ts';

interface Actions {
  /** Runs a script on the machine */
  machine(script: string): Promise<string>;
  /** The versions that page and API serve */
  serving(): Promise<(string | undefined)[]>;
  /** Everything that a release could have touched */
  hostState(): Promise<string>;
  /** Releases a commit or tag */
  release(ref: string): Promise<Run>;
}

export function actions(scene: () => Scene): Actions {
  const machine = (script: string) => inMachine(scene().stack, script);
  const version = async (path: string) => versionIn((await scene().site.get(path)).body);
  return {
    machine,
    serving: async () => [await version('/'), await version('/api/version')],
    hostState: () =>
      machine(`readlink /var/lib/berth/catalogage/current; supervisorctl status | sed 's/uptime.*//'; pgrep -x nginx | head -1
    stat -c '%n %Y %i' /var/lib/berth/catalogage/edge/routes.conf /etc/supervisor/conf.d/*.conf /srv/berth/catalogage/builds/*`),
    release: async (ref) => {
      await scene().stack.configure({ ref });
      return scene().stack.up();
    },
  };
}
