import { hostName, machineName } from '../../model/names.ts';
import { cloudInit } from '../../render/cloudInit.ts';
import { machinesOf, offlineBundles } from '../../render/offline.ts';
import type { OfflineEnvironment } from '../environment.ts';

/**
 * Every file of every machine, `<machine>/<path>` → text, sorted by path.
 * @param system only this one's machines
 * @throws when the environment has no such system
 */
export function machineFiles(
  { environment, blueprints }: OfflineEnvironment,
  system?: string,
): Readonly<Record<string, string>> {
  const wanted = blueprints.filter((blueprint) => system === undefined || blueprint.system === system);
  if (wanted.length === 0) {
    const known = blueprints.map((blueprint) => blueprint.system).join(', ');
    throw new Error(`${environment.name} has no system "${system}": it has ${known}`);
  }
  const files = wanted.flatMap((blueprint) => [
    ...offlineBundles(blueprint, environment).flatMap(({ name, bundle }) =>
      Object.entries(bundle.entries).map(([path, content]): [string, string] => [`${name}/${path}`, content]),
    ),
    ...machinesOf(blueprint).map((machine): [string, string] => [
      `${machineName(machine)}/user-data.yaml`,
      userData(hostName(environment.name, machine)),
    ]),
  ]);
  return Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const userData = (name: string): string =>
  cloudInit({
    user: 'berth',
    hostName: name,
    deployKey: '<deployKey>',
    hostKey: { privateKey: '<hostKey>', publicKey: '<hostKey.pub>' },
  });
