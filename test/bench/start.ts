import '../../src/index.ts';

// Loads the program and one cloud. Argument: the cloud's name.
const clouds: Readonly<Record<string, () => Promise<unknown>>> = {
  existing: () => import('../../src/clouds/existing.ts'),
  openstack: () => import('../../src/clouds/openstack.ts'),
  azure: () => import('../../src/clouds/azure.ts'),
  aws: () => import('../../src/clouds/aws.ts'),
};
void clouds[process.argv[2] ?? '']?.();
