import * as pulumi from '@pulumi/pulumi';
import type { Host } from '../clouds/cloud.ts';

/** How often a connection is tried, with pauses that grow to 5 s: a machine that boots for minutes, or one that runs */
export const dials = { patient: 45, quick: 5 };

export interface Connection {
  host: string;
  port: number;
  user: string;
  privateKey: string;
  hostKey: string;
  dialErrorLimit: number;
  perDialTimeout: number;
}

/** A pinned connection, checked before any resource is built with it: the plugin's own check would print the key */
export function connection(
  host: Host,
  deployKey: pulumi.Output<string>,
  patience: keyof typeof dials,
): pulumi.Output<Connection> {
  return pulumi.secret(
    pulumi.all([host.address, host.hostKey, deployKey]).apply(([address, hostKey, privateKey]) =>
      checked({
        host: address,
        port: host.port,
        user: host.user,
        privateKey,
        hostKey,
        dialErrorLimit: dials[patience],
        perDialTimeout: 5,
      }),
    ),
  );
}

/**
 * The same connection, once nothing of it can be wrong in a way that a plugin would answer with the whole of it
 * @throws on an address, host key or private key that can't be right, without the private key
 */
export function checked(connection: Connection): Connection {
  const { host, user, hostKey, privateKey } = connection;
  const name = `${user}@${host}`;
  if (!/^[\w.:-]+$/.test(host)) throw new Error(`"${host}" is not an address to connect to`);
  if (!/^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/=]+/.test(hostKey)) {
    throw new Error(`the host key of ${name} is not one line like "ssh-ed25519 AAAA…": an RSA key can't be pinned`);
  }
  if (!privateKey.includes('PRIVATE KEY-----'))
    throw new Error(`the deploy key for ${name} is not a private key in PEM`);
  return connection;
}
