import * as pulumi from '@pulumi/pulumi';
import type { Host } from '../clouds/cloud.ts';

/**
 * Number of connection attempts, with pauses that grow to 5 s: `patient` for a machine that boots for minutes, `quick`
 * for a running one
 */
export const dials = { patient: 45, quick: 5 };

/**
 * Number of further attempts from a bastion to the machine behind it; the bastion itself is tried as often as any
 * machine. A bastion takes two minutes to report that a machine does not answer, and another attempt after a refused
 * login would hide the reason of the refusal.
 */
const dialsFromBastion = 0;

export interface Connection extends Login {
  /** Bastion of the connection */
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

/**
 * Returns a connection with a pinned host key. It is validated before any resource uses it, because the plugin's own
 * validation error prints the private key.
 */
export function connection(
  host: Host,
  deployKey: pulumi.Output<string>,
  patience: keyof typeof dials,
): pulumi.Output<Connection> {
  return pulumi.secret(
    pulumi.all([host.address, host.hostKey, deployKey]).apply(([address, hostKey, privateKey]) => {
      const common = { privateKey, dialErrorLimit: dials[patience], perDialTimeout: 5 };
      const own = { host: address, port: host.port, user: host.user, hostKey, ...common };
      if (!host.proxy) return checkedConnection(own);
      const { port, user } = host.proxy;
      const proxy = { host: host.proxy.address, port, user, hostKey: host.proxy.hostKey, ...common };
      return checkedConnection({ ...own, dialErrorLimit: dialsFromBastion, proxy });
    }),
  );
}

/**
 * Returns the connection if the plugin will accept it; the plugin's own errors print the whole connection
 * @throws on an invalid address, host key or private key, without printing the private key
 */
export function checkedConnection(connection: Connection): Connection {
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
