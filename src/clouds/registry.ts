import { aws } from './aws/index.ts';
import { azure } from './azure/index.ts';
import type { Cloud } from './cloud.ts';
import { existing } from './existing/index.ts';
import { kubernetes } from './kubernetes/index.ts';
import { local } from './local/index.ts';
import { openstack } from './openstack/index.ts';

/** Every cloud, by name; a new cloud is added here */
export const clouds: Readonly<Record<string, Cloud>> = { openstack, azure, aws, existing, local, kubernetes };
