import * as pulumi from '@pulumi/pulumi';
import type { Rule } from '../../model/blueprint.ts';

/** Inputs of berth's own provider's resources (./provider), as the program passes them */
type Args<T> = { [K in keyof T]: pulumi.Input<T[K]> };

export class SshKey extends pulumi.CustomResource {
  declare readonly publicKey: pulumi.Output<string>;
  declare readonly privateKey: pulumi.Output<string>;
  constructor(name: string, args: { comment: string }, options: pulumi.CustomResourceOptions) {
    super('berthlocal:index:SshKey', name, { ...args, publicKey: undefined, privateKey: undefined }, options);
  }
}

/** Certificate authority of its own, and a certificate that it signs; keys are secret, all in PEM */
export class Authority extends pulumi.CustomResource {
  declare readonly certificate: pulumi.Output<string>;
  declare readonly privateKey: pulumi.Output<string>;
  constructor(name: string, args: { comment: string }, options: pulumi.CustomResourceOptions) {
    super('berthlocal:index:Authority', name, { ...args, certificate: undefined, privateKey: undefined }, options);
  }
}

export interface CertificateArgs {
  comment: string;
  names: string[];
  addresses: pulumi.Input<string>[];
  authority: string;
  authorityKey: string;
}

export class Certificate extends pulumi.CustomResource {
  declare readonly certificate: pulumi.Output<string>;
  declare readonly privateKey: pulumi.Output<string>;
  constructor(name: string, args: Args<CertificateArgs>, options: pulumi.CustomResourceOptions) {
    super('berthlocal:index:Certificate', name, { ...args, certificate: undefined, privateKey: undefined }, options);
  }
}

export class Network extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly subnet: pulumi.Output<string>;
  declare readonly gateway: pulumi.Output<string>;
  constructor(name: string, args: { name: string }, options: pulumi.CustomResourceOptions) {
    super('berthlocal:index:Network', name, { ...args, subnet: undefined, gateway: undefined }, options);
  }
}

/** Rule of a machine's cloud firewall */
export interface CloudRule {
  protocol: Rule['protocol'];
  port: number;
  sources: pulumi.Input<pulumi.Input<string>[]>;
}

/** Name, network, address and image that every container of the local cloud has */
export interface ContainerPlace {
  name: string;
  network: string;
  address: string;
  aliases: string[];
  image: string;
}

export interface MachineArgs extends Args<ContainerPlace> {
  hostname: string;
  userData: pulumi.Input<string>;
  rules: CloudRule[];
  publish: { machinePort: number; hostPort: number }[];
  disks?: { name: pulumi.Input<string>; folder: string }[];
  memoryMb: number;
  cpus: number;
  firewallImage: string;
}

export class Volume extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  constructor(name: string, args: { name: string }, options: pulumi.CustomResourceOptions) {
    super('berthlocal:index:Volume', name, { ...args }, options);
  }
}

export class Machine extends pulumi.CustomResource {
  declare readonly address: pulumi.Output<string>;
  constructor(name: string, args: MachineArgs, options: pulumi.CustomResourceOptions) {
    super('berthlocal:index:Machine', name, { ...args }, options);
  }
}

/** Address that the machines of a role hold in turn */
export class Address extends pulumi.CustomResource {
  declare readonly address: pulumi.Output<string>;
  constructor(name: string, args: Args<ContainerPlace>, options: pulumi.CustomResourceOptions) {
    super('berthlocal:index:Address', name, { ...args }, options);
  }
}

export class Registry extends pulumi.CustomResource {
  declare readonly endpoint: pulumi.Output<string>;
  constructor(name: string, args: Args<ContainerPlace> & { data: string }, options: pulumi.CustomResourceOptions) {
    super('berthlocal:index:Registry', name, { ...args, endpoint: undefined }, options);
  }
}

/** Git repository that machines build from */
export class Repository extends pulumi.CustomResource {
  constructor(name: string, args: Args<ContainerPlace> & { path: string }, options: pulumi.CustomResourceOptions) {
    super('berthlocal:index:Repository', name, { ...args }, options);
  }
}

export class Bucket extends pulumi.CustomResource {
  declare readonly endpoint: pulumi.Output<string>;
  declare readonly region: pulumi.Output<string>;
  declare readonly bucket: pulumi.Output<string>;
  declare readonly accessKey: pulumi.Output<string>;
  declare readonly secretKey: pulumi.Output<string>;
  constructor(
    name: string,
    args: Args<ContainerPlace> & { bucketName: string },
    options: pulumi.CustomResourceOptions,
  ) {
    const outputs = { endpoint: undefined, region: undefined, bucket: undefined };
    super(
      'berthlocal:index:Bucket',
      name,
      { ...args, ...outputs, accessKey: undefined, secretKey: undefined },
      options,
    );
  }
}

export class LogReceiver extends pulumi.CustomResource {
  declare readonly scheme: pulumi.Output<string>;
  declare readonly host: pulumi.Output<string>;
  declare readonly port: pulumi.Output<number>;
  declare readonly username: pulumi.Output<string>;
  declare readonly password: pulumi.Output<string>;
  declare readonly token: pulumi.Output<string>;
  constructor(name: string, args: Args<ContainerPlace>, options: pulumi.CustomResourceOptions) {
    const outputs = { scheme: undefined, host: undefined, port: undefined, username: undefined };
    super(
      'berthlocal:index:LogReceiver',
      name,
      { ...args, ...outputs, password: undefined, token: undefined },
      options,
    );
  }
}

export class AcmeServer extends pulumi.CustomResource {
  declare readonly directoryUrl: pulumi.Output<string>;
  declare readonly caCertificate: pulumi.Output<string>;
  declare readonly managementUrl: pulumi.Output<string>;
  constructor(name: string, args: Args<ContainerPlace>, options: pulumi.CustomResourceOptions) {
    const outputs = { directoryUrl: undefined, caCertificate: undefined, managementUrl: undefined };
    super('berthlocal:index:AcmeServer', name, { ...args, ...outputs }, options);
  }
}
