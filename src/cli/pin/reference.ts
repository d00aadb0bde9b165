import { digestOf, repositoryOf } from '../../model/images.ts';
import { registryHost, registryOf } from '../../model/registries.ts';

/** Where a registry has an image */
export interface Reference {
  /** Name of the registry, as logins have it */
  registry: string;
  /** Its API, without a slash at the end */
  url: string;
  /** Path of the repository within the registry */
  repository: string;
  /** Digest, or else the tag */
  name: string;
}

/** Returns where the registry of an image has it; an image without a registry is Docker Hub's */
export function parsedReference(image: string): Reference {
  const registry = registryOf(image);
  const whole = repositoryOf(image);
  const path = whole.startsWith(`${registry}/`) ? whole.slice(registry.length + 1) : whole;
  const repository = registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  const tag = image.split('@')[0]?.slice(whole.length + 1);
  const plain = /^(?:localhost|127\.\d+\.\d+\.\d+)(?::|$)/.test(registry);
  return {
    ...{ registry, repository, name: digestOf(image) ?? (tag || 'latest') },
    url: `${plain ? 'http' : 'https'}://${registryHost(registry)}/v2/${repository}`,
  };
}
