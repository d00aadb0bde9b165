import { adoptedHost } from '../model/adopted.ts';
import type { Blueprint } from '../model/blueprint.ts';
import type { CloudFace, Clouds } from '../model/cloud.ts';
import { containerRange } from '../model/containerRange.ts';
import type { Environment } from '../model/environment.ts';
import { runningImages } from '../model/images.ts';
import { machinesOf } from '../model/machines.ts';
import { hostName, machineName } from '../model/names.ts';
import { loginsOf } from '../model/registries.ts';
import { adoption } from './adoption.ts';
import { authorityRoots } from './authorityRoots.ts';
import { type Bundle, bundle } from './bundle.ts';
import { cloudInit, loginUser } from './cloudInit.ts';
import type { MachineInput } from './machine.ts';
import { machineNeeds } from './needs.ts';
import { offlineFacts } from './offlineFacts.ts';
import { machineProxy } from './proxy.ts';

/** A public key without a private key, used where the stack's key is unknown */
const documentationKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f <deployKey>';

export interface OfflineMachine {
  name: string;
  bundle: Bundle;
  /** User data; absent for adopted machines */
  userData?: string;
  /** Checks of an adopted machine before its release */
  adoption?: Bundle;
}

/**
 * Returns every machine's files as far as they are known without an engine, an account or a network. A fact of the
 * cloud is a documentation address (RFC 5737) or its path in angle brackets; a secret is its name in angle brackets.
 */
export const offlineMachines = (
  blueprint: Blueprint,
  environment: Environment,
  clouds: Clouds,
): readonly OfflineMachine[] =>
  machinesOf(blueprint).map(({ machine, role }) => {
    const needs = machineNeeds(blueprint, role, machine);
    const secrets = needs.secrets.map((name) => [name, `<${blueprint.system}/${name}>`]);
    const { user = loginUser } = adoptedHost(role, machine.index) ?? {};
    const input: MachineInput = {
      blueprint,
      role,
      machine,
      facts: offlineFacts(needs.refs, rootsOf(blueprint.system, environment, clouds)),
      secrets: Object.fromEntries(secrets),
      secretFacts: [],
      operators: environment.operators,
      deployKey: documentationKey,
      user,
      images: runningImages(cloudOf(blueprint.system, environment, clouds), environment),
      plainRegistries: [],
      logins: Object.fromEntries(
        loginsOf(environment, blueprint.system).map(({ registry, user, secret }) => [
          registry,
          { user, password: `<${secret}>` },
        ]),
      ),
      ...machineProxy(environment, []),
      containerRange: containerRange(environment),
      restartEdge: false,
    };
    const made = bundle(input);
    const name = machineName(machine);
    if (adoptedHost(role, machine.index)) return { name, bundle: made, adoption: adoption(input, made) };
    const userData = cloudInit({
      user,
      hostName: hostName(environment.name, machine),
      deployKey: documentationKey,
      hostKey: { privateKey: '<hostKey>', publicKey: '<hostKey.pub>' },
    });
    return { name, bundle: made, userData };
  });

/** Roots of the authority; empty on clouds with an authority of their own, whose roots are unknown offline */
const rootsOf = (system: string, environment: Environment, clouds: Clouds): string =>
  cloudOf(system, environment, clouds)?.capabilities.onThisComputer ? '' : authorityRoots(environment.authority);

const cloudOf = (system: string, { systems }: Environment, clouds: Clouds): CloudFace | undefined =>
  clouds[systems[system]?.cloud ?? ''];
