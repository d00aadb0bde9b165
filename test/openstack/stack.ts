import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { type RecordingStack, recordingStack } from '../engine/recordingStack.ts';
import { type Stack, type SystemName, stackOf, withSecrets } from '../stack/samples.ts';
import { pluginName, pluginPath } from './plugin.ts';
import { started } from './services.ts';
import { type Tenant, tenant } from './tenant.ts';

/** A system on OpenStack's own services, by the real engine; what runs on machines is recorded */
export interface CloudStack extends RecordingStack {
  tenant: Tenant;
  /**
   * Returns the system's stack
   * @param own options of the system, over those of every test
   * @param settings of the cloud
   */
  of(own?: object, settings?: object): Stack;
  /** Returns the URN of a resource */
  urnOf(type: string, name: string): Promise<string>;
}

/** Makes a project for a system in this run's cloud */
export async function cloudStack(system: SystemName): Promise<CloudStack> {
  const plugin = pluginPath();
  if (plugin === undefined)
    throw new Error('the plugin of OpenStack has not been made: `npm test -- openstack` makes it');
  const owner = await tenant(await started(inject('openstack')), `${system}-${randomBytes(3).toString('hex')}`);
  const stack = await recordingStack({
    packages: ['openstack'],
    plugins: { [pluginName]: plugin },
    credentials: owner.environment,
  });
  return {
    ...stack,
    tenant: owner,
    of(own = {}, settings = {}) {
      const { config, ...rest } = stackOf(system, 'openstack', {}, own);
      const clouds = config['berth:clouds'] as Record<string, object>;
      const openstack = { ...clouds.openstack, project: owner.api.project, ...settings };
      return withSecrets({ ...rest, config: { ...config, 'berth:clouds': { ...clouds, openstack } } });
    },
    async urnOf(type, name) {
      const found = (await stack.project.resources()).find((one) => one.type === type && one.urn.endsWith(`::${name}`));
      if (!found) throw new Error(`the stack has no ${type} ${name}`);
      return found.urn;
    },
  };
}
