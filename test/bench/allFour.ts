import { type Stack, type SystemName, stackOf, withSecrets } from '../stack/samples.ts';

/** Each system on its own cloud, in one stack */
export function allFour(): Stack {
  const homes = { basegun: 'openstack', lostops: 'azure', mad: 'aws', catalogage: 'existing' } as const;
  const entries = Object.entries(homes).map(([system, cloud]) => stackOf(system as SystemName, cloud));
  const systems = Object.assign({}, ...entries.map(({ config }) => config['berth:systems']));
  return withSecrets(stackOf('basegun', 'openstack', { 'berth:systems': systems }));
}
