import * as pulumi from '@pulumi/pulumi';
import { PrivateKey } from '@pulumi/tls/privateKey.js';
import { hostName, type MachineName, machineName } from '../model/names.ts';
import { cloudInit, loginUser } from '../render/cloudInit.ts';
import type { ProvisionRequest } from './cloud.ts';

/** SSH host key and user data of a machine's first boot */
export interface FirstBoot {
  /** Public SSH host key, one line; every connection checks it */
  hostKey: pulumi.Output<string>;
  /** Secret, since it contains the private host key; constant, so that it never replaces a machine */
  userData: pulumi.Output<string>;
}

/** Generates a host key for a machine and returns it with the user data that installs it */
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
