/** An existing machine that a role adopts */
export interface AdoptedHost {
  address: string;
  /** Address that the other machines of the system use. @default address */
  privateAddress?: string;
  port: number;
  /** Login user; must be able to use sudo without a password */
  user: string;
  /** Public SSH host key, one line; every connection is checked against it */
  hostKey: string;
  /** Bastion for SSH connections. @default direct connections */
  proxy?: Bastion;
  /** Ports of other programs on the machine, which stay open over TCP and UDP */
  keepOpen: readonly number[];
  /** Set where the machine belongs to a DevTest Lab, which then applies the schedule */
  devTestLab?: DevTestLabMachine;
}

/** A machine that only forwards SSH connections to other machines */
export interface Bastion {
  address: string;
  /** Source address of its connections to the machines behind it. @default address */
  privateAddress?: string;
  port: number;
  user: string;
  /** Public SSH host key, one line; every connection is checked against it */
  hostKey: string;
}

/** A machine of a DevTest Lab, by its name in the lab */
export interface DevTestLabMachine {
  /** Resource group of the lab */
  resourceGroup: string;
  lab: string;
  name: string;
}
