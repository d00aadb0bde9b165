import * as pulumi from '@pulumi/pulumi';
import type { Blueprint } from '../model/blueprint.ts';
import type { CloudFace } from '../model/cloud.ts';
import type { Environment, SystemEntry } from '../model/environment.ts';
import { unpinnedImages } from '../model/images.ts';
import { losses } from '../model/losses.ts';

interface Told {
  blueprint: Blueprint;
  environment: Environment;
  entry: SystemEntry;
  face: CloudFace;
}

/** Tells people what of a system is not protected, which images run by their tags, and who gives its certificates */
export function tell({ blueprint, environment, entry, face }: Told, parent: pulumi.Resource): void {
  if (entry.allowDestroy) {
    const all = losses(blueprint).join(', ');
    pulumi.log.warn(`nothing of ${blueprint.system} is protected while its allowDestroy is true: ${all}`, parent);
  }
  const unpinned = unpinnedImages(blueprint, face, environment);
  if (unpinned.length > 0) {
    const what = unpinned.length === 1 ? 'an image without a digest' : `${unpinned.length} images without a digest`;
    pulumi.log.warn(`${blueprint.system} has ${what} in berth:images (${unpinned.join(', ')}): npx berth pin`, parent);
  }
  if (!face.capabilities.onThisComputer && asksForCertificates(blueprint)) {
    pulumi.log.info(`${blueprint.system}: certificates by ${authorityTexts[environment.authority]}`, parent);
  }
}

const asksForCertificates = ({ roles }: Blueprint): boolean =>
  Object.values(roles).some(({ edge }) => edge?.tls.kind === 'acme');

const authorityTexts: Readonly<Record<Environment['authority'], string>> = {
  letsencrypt: "Let's Encrypt, which browsers trust (berth:authority)",
  'letsencrypt-staging': "Let's Encrypt's staging authority, which no browser trusts (berth:authority)",
};
