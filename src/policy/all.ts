import { awsPolicies } from './aws.ts';
import { azurePolicies } from './azure.ts';
import { openstackPolicies } from './openstack.ts';
import type { Policy } from './policy.ts';

/** Every policy; each looks at resources of its own cloud alone */
export const policies: readonly Policy[] = [...openstackPolicies, ...awsPolicies, ...azurePolicies];
