import { stringify } from 'yaml';
import { fileText } from './template.ts';

/** Login user on machines that receive user data */
export const loginUser = 'berth';

export interface FirstBootSettings {
  /** Login user; has sudo and no password */
  user: string;
  hostName: string;
  /** Public key of the stack's deploy key, one line */
  deployKey: string;
  /** SSH host key of the machine; every connection is checked against it */
  hostKey: { privateKey: string; publicKey: string };
}

/**
 * Returns user data that only makes a machine reachable; it never changes during the machine's life.
 * The host key is its only secret; only root on the machine can reach the metadata address.
 */
export function cloudInit({ user, hostName, deployKey, hostKey }: FirstBootSettings): string {
  const config = {
    hostname: hostName,
    manage_etc_hosts: true,
    disable_root: true,
    ssh_pwauth: false,
    ssh_deletekeys: true,
    ssh_keys: { ed25519_private: hostKey.privateKey, ed25519_public: hostKey.publicKey },
    users: [
      {
        name: user,
        gecos: 'berth',
        shell: '/bin/bash',
        lock_passwd: true,
        sudo: 'ALL=(ALL) NOPASSWD:ALL',
        ssh_authorized_keys: [deployKey],
      },
    ],
    write_files: [
      {
        path: '/etc/ssh/sshd_config.d/05-first-boot.conf',
        permissions: '0644',
        content: fileText('ssh/first-boot.conf'),
      },
    ],
    timezone: 'Etc/UTC',
  };
  return `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
}
