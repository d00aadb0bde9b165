import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type Api, administrator, authUrl, login } from './api.ts';

/** A project as OVH's customers have it: a user of its own with the role member, and no more */
export interface Tenant {
  /** What the user may see and do */
  api: Api;
  /** What nobody but the cloud's owner may */
  administrator: Api;
  /** Variables with which providers log in */
  environment: Record<string, string>;
  /** Sets how much the project may have, such as `cores` */
  allow(service: 'compute' | 'network' | 'block-storage', quota: Record<string, number>): Promise<void>;
}

const made = z.object({
  project: z.object({ id: z.string() }).optional(),
  user: z.object({ id: z.string() }).optional(),
});
const roles = z.object({ roles: z.array(z.object({ id: z.string() })).length(1) });

/** Makes a project with its user */
export async function tenant(address: string, name: string): Promise<Tenant> {
  const admin = await administrator(address);
  const password = randomBytes(12).toString('hex');
  const post = async (path: string, body: object) => made.parse(await admin.send('POST', 'identity', path, body));
  const { project } = await post('/projects', { project: { name, domain_id: 'default' } });
  const { user } = await post('/users', { user: { name, password, domain_id: 'default' } });
  const [role] = roles.parse(await admin.get('identity', '/roles?name=member')).roles;
  if (!project || !user || !role) throw new Error(`Keystone has not made the project ${name}`);
  await admin.send('PUT', 'identity', `/projects/${project.id}/users/${user.id}/roles/${role.id}`);
  return {
    api: await login(address, { user: name, password, project: name }),
    administrator: admin,
    environment: {
      ...{ OS_AUTH_URL: authUrl(address), OS_USERNAME: name, OS_PASSWORD: password },
      ...{ OS_PROJECT_ID: project.id, OS_USER_DOMAIN_NAME: 'Default' },
    },
    async allow(service, quota) {
      if (service === 'network') await admin.send('PUT', service, `/v2.0/quotas/${project.id}`, { quota });
      else await admin.send('PUT', service, `/os-quota-sets/${project.id}`, { quota_set: quota });
    },
  };
}
