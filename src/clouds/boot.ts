import * as pulumi from '@pulumi/pulumi';
import { PrivateKey } from '@pulumi/tls/privateKey.js';
import { hostName, type MachineName, machineName } from '../model/names.ts';
import { cloudInit, loginUser } from '../render/cloudInit.ts';
import type { ProvisionRequest } from './cloud.ts';

/** What a machine that takes user data boots with */
export interface FirstBoot {
  /** Public half of its SSH host key, one line: pinned by every connection */
  hostKey: pulumi.Output<string>;
  /** Secret, since the private half is in it; constant, so that it never replaces a machine */
  userData: pulumi.Output<string>;
}

/** A host key of the machine's own, and the user data that seeds it */
export function firstBoot({ environment, deployKey, parent }: ProvisionRequest, machine: MachineName): FirstBoot {
  const key = new PrivateKey(`${machineName(machine)}-host-key`, { algorithm: 'ED25519' }, { parent });
  const hostKey = key.publicKeyOpenssh.apply((line) => line.trim());
  const userData = pulumi.all([deployKey, key.privateKeyOpenssh, hostKey]).apply(([deploy, privateKey, publicKey]) =>
    cloudInit({
      user: loginUser,
      hostName: hostName(environment.name, machine),
      deployKey: deploy,
      hostKey: { privateKey, publicKey },
    }),
  );
  return { hostKey, userData: pulumi.secret(userData) };
}
