import * as pulumi from '@pulumi/pulumi';
import type { Host } from '../clouds/cloud.ts';

/** How often a connection is tried, with pauses that grow to 5 s: a machine that boots for minutes, or one that runs */
export const dials = { patient: 45, quick: 5 };

/**
 * The same for a machine behind a bastion, which is itself tried as often as any: once. A bastion takes two minutes to say
 * that nobody answers it, and another try after a refused login would only hide why that was refused
 */
const dialsFromBastion = 0;

export interface Connection extends Login {
  /** By way of which the host is reached */
  proxy?: Login;
}

interface Login {
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
    pulumi.all([host.address, host.hostKey, deployKey]).apply(([address, hostKey, privateKey]) => {
      const common = { privateKey, dialErrorLimit: dials[patience], perDialTimeout: 5 };
      const own = { host: address, port: host.port, user: host.user, hostKey, ...common };
      if (!host.proxy) return checked(own);
      const { port, user } = host.proxy;
      const proxy = { host: host.proxy.address, port, user, hostKey: host.proxy.hostKey, ...common };
      return checked({ ...own, dialErrorLimit: dialsFromBastion, proxy });
    }),
  );
}

/**
 * The same connection, once nothing of it can be wrong in a way that a plugin would answer with the whole of it
 * @throws on an address, host key or private key that can't be right, without the private key
 */
export function checked(connection: Connection): Connection {
  checkLogin(connection);
  if (connection.proxy) checkLogin(connection.proxy);
  return connection;
}

function checkLogin({ host, user, hostKey, privateKey }: Login): void {
  const name = `${user}@${host}`;
  if (!/^[\w.:-]+$/.test(host)) throw new Error(`"${host}" is not an address to connect to`);
  if (!/^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/=]+/.test(hostKey)) {
    throw new Error(`the host key of ${name} is not one line like "ssh-ed25519 AAAA…": an RSA key can't be pinned`);
  }
  if (!privateKey.includes('PRIVATE KEY-----'))
    throw new Error(`the deploy key for ${name} is not a private key in PEM`);
}
