import { inNode } from './kubectl.ts';

/**
 * Gives a node the images that run instead of production images, under the production images' names, so that pods find
 * what a real cluster would pull
 * @param images production reference → reference in the project's registry
 */
export async function holdImages(
  node: string,
  images: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<void> {
  const ctr = (...words: string[]) => inNode(node, ['ctr', '--namespace=k8s.io', 'images', ...words], log);
  const present = (await ctr('list', '--quiet')).split('\n');
  for (const [production, reference] of Object.entries(images)) {
    // A name that stands for another image by now is set again: it may have been rebuilt
    if (!present.includes(reference)) await ctr('pull', '--hosts-dir=/etc/containerd/certs.d', reference);
    await ctr('tag', '--force', reference, production);
  }
}
