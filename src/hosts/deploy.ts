import * as pulumi from '@pulumi/pulumi';
import type { Host, MachineCloud, Provisioned } from '../clouds/cloud.ts';
import type { Standing } from '../clouds/standing.ts';
import { systemComponent } from '../clouds/systemComponent.ts';
import { tell } from '../clouds/tell.ts';
import { adoptedHost } from '../model/adopted.ts';
import type { Blueprint, Role } from '../model/blueprint.ts';
import type { CloudFace } from '../model/cloud.ts';
import { containerRange } from '../model/containerRange.ts';
import type { Environment, SystemEntry } from '../model/environment.ts';
import { runningImages } from '../model/images.ts';
import { publicKeyOf } from '../model/sshKey.ts';
import { adoption } from '../render/adoption.ts';
import { archive } from '../render/archive.ts';
import { bundle } from '../render/bundle.ts';
import type { MachineInput } from '../render/machine.ts';
import { machineNeeds } from '../render/needs.ts';
import { machineProxy } from '../render/proxy.ts';
import { hoursHook } from './hours.ts';
import { outputs } from './outputs.ts';
import { announcement, type ReleaseArgs, releaseMachine } from './release.ts';
import { releaseInOrder } from './rolling.ts';

export interface DeployArgs {
  blueprint: Blueprint;
  environment: Environment;
  entry: SystemEntry;
  cloud: MachineCloud;
  face: CloudFace;
  /** Resources that the stack has from previous deployments */
  standing: Standing;
  /** Secrets of this system, by name without its prefix */
  secrets: Readonly<Record<string, pulumi.Output<string>>>;
  /** Logins for private images, by registry */
  logins: Readonly<Record<string, { user: string; password: pulumi.Output<string> }>>;
  /** Private key, secret */
  deployKey: pulumi.Output<string>;
}

/** Deploys one system on its cloud and releases all of its machines; returns the system's stack outputs */
export function deploy(args: DeployArgs): Record<string, unknown> {
  const { blueprint, environment, entry, cloud } = args;
  const parent = systemComponent(blueprint.system);
  const publicKey = pulumi.unsecret(args.deployKey.apply((key) => publicKeyOf(key, `berth-${environment.name}`)));
  const provisioned = cloud.provision({
    blueprint,
    environment,
    entry,
    secrets: args.secrets,
    deployKey: publicKey,
    standing: args.standing,
    parent,
  });
  tell(args, parent);
  releaseAll(args, provisioned, publicKey, parent);
  return outputs(args, provisioned);
}

/** Releases all machines in their order */
function releaseAll(
  args: DeployArgs,
  provisioned: Provisioned,
  publicKey: pulumi.Output<string>,
  parent: pulumi.Resource,
): void {
  const common = { deployKey: args.deployKey, announcement: announcement(args.blueprint.system), parent };
  const hours = new Map(
    Object.entries(args.blueprint.roles).flatMap(([name, { schedule }]) =>
      schedule ? [[name, hoursHook(`${args.blueprint.system}-${name}-hours`, schedule)]] : [],
    ),
  );
  releaseInOrder(args.blueprint, Object.values(provisioned.hosts), (host, role, after, pauses) => {
    const texts = bundleTexts(args, provisioned, publicKey, role, host);
    const hook = hours.get(host.role);
    const released = releaseMachine({ ...common, ...texts, ...(hook && { hours: hook }), pauses, host, after });
    provisioned.afterRelease?.(host.name, released);
    return released;
  });
}

/** Returns the bundles of one machine; they depend only on the facts and secrets that its own files name */
function bundleTexts(
  args: DeployArgs,
  provisioned: Provisioned,
  publicKey: pulumi.Output<string>,
  role: Role,
  host: Host,
): Pick<ReleaseArgs, 'bundle' | 'adoption'> {
  const { blueprint, environment } = args;
  const machine = { system: blueprint.system, role: host.role, index: host.index };
  const adopted = adoptedHost(role, host.index) !== undefined;
  const needs = machineNeeds(blueprint, role, machine);
  const facts = Object.fromEntries(needs.refs.map((name) => [name, given(provisioned.facts[name], `fact ${name}`)]));
  const secrets = Object.fromEntries(needs.secrets.map((name) => [name, given(args.secrets[name], `secret ${name}`)]));
  const inputs = pulumi.all([
    pulumi.all(facts),
    pulumi.all(secrets),
    publicKey,
    pulumi.all([...provisioned.operatorNetworks]),
    host.incarnation ?? '',
    pulumi.all(args.logins),
  ]);
  const texts = inputs.apply(([knownFacts, knownSecrets, deployKey, networks, incarnation, logins]) => {
    const input: MachineInput = {
      blueprint,
      role,
      machine,
      facts: knownFacts,
      secrets: knownSecrets,
      secretFacts: provisioned.secretFacts.filter((name) => name in knownFacts),
      operators: { ...environment.operators, networks: [...environment.operators.networks, ...networks] },
      deployKey,
      user: host.user,
      images: runningImages(args.face, environment),
      plainRegistries: provisioned.plainRegistries,
      logins,
      ...machineProxy(environment, provisioned.plainRegistries),
      containerRange: containerRange(environment),
      restartEdge: args.entry.restartEdge,
    };
    const made = bundle(input);
    return { bundle: archive(made, incarnation), adoption: adopted ? archive(adoption(input, made)) : '' };
  });
  return { bundle: texts.bundle, ...(adopted && { adoption: texts.adoption }) };
}

function given<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`the blueprint names ${name}, which its cloud does not give`);
  return value;
}
