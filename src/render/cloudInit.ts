import { stringify } from 'yaml';
import { fileText } from './template.ts';

/** Who logs in to machines that take user data */
export const loginUser = 'berth';

export interface FirstBoot {
  /** Who logs in: has sudo, has no password */
  user: string;
  hostName: string;
  /** Public half of the stack's deploy key, one line */
  deployKey: string;
  /** The machine's SSH host key, pinned by every connection */
  hostKey: { privateKey: string; publicKey: string };
}

/**
 * User data that makes a machine reachable and nothing else; it stays the same for the machine's life.
 * The host key is the one secret in it: the metadata address is closed to all but root.
 */
export function cloudInit({ user, hostName, deployKey, hostKey }: FirstBoot): string {
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
