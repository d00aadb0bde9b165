import '../../src/index.ts';

// Loads the program and one cloud. Argument: the cloud's name.
const clouds: Readonly<Record<string, () => Promise<unknown>>> = {
  existing: () => import('../../src/clouds/existing/program.ts'),
  openstack: () => import('../../src/clouds/openstack/program.ts'),
  azure: () => import('../../src/clouds/azure/program.ts'),
  aws: () => import('../../src/clouds/aws/program.ts'),
};
void clouds[process.argv[2] ?? '']?.();
