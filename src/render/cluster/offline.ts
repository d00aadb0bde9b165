import type { Blueprint } from '../../model/blueprint.ts';
import type { CloudFace } from '../../model/cloud.ts';
import type { Environment } from '../../model/environment.ts';
import { runningImages } from '../../model/images.ts';
import { loginsOf } from '../../model/registries.ts';
import { authorityRoots } from '../authorityRoots.ts';
import { offlineFacts } from '../offlineFacts.ts';
import { nameFacts } from './facts.ts';
import type { Item } from './manifest.ts';
import { partsOf } from './system.ts';

/**
 * Returns a system's objects as far as they are known without an engine, an account or a network. Names in the cluster
 * are known; of what exists elsewhere, an address is a documentation address, and a secret its name in angle brackets.
 * @returns nothing where the cloud is no cluster
 */
export function offlineItems(blueprint: Blueprint, environment: Environment, face: CloudFace): readonly Item[] {
  const { system } = blueprint;
  const settings = face.clusterSettings?.(environment);
  if (!settings) return [];
  const logins = loginsOf(environment, system).map(({ registry, user, secret }) => [
    registry,
    { user, password: `<${secret}>` },
  ]);
  return partsOf(blueprint, environment.operators.networks).flatMap(({ needs, items }) =>
    items({
      ...{ blueprint, environment: environment.name, settings },
      images: runningImages(face, environment),
      facts: { ...offlineFacts(needs.refs, authorityRoots(environment.authority)), ...nameFacts(blueprint) },
      secretFacts: needs.refs.filter((ref) => secretFact.test(ref)),
      secrets: Object.fromEntries(needs.secrets.map((name) => [name, `<${system}/${name}>`])),
      logins: Object.fromEntries(logins),
    }),
  );
}

/** Facts that are secret on a cluster: keys and tokens of what is given, and keys of its own certificates */
const secretFact = /\.(?:accessKey|secretKey|password|token|key)$/;
