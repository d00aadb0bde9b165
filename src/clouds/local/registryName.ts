/** Name and port under which machines reach the registry; the local cloud sets this alias */
export const registryName = 'registry.berth.test:5000';
