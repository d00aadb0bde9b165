import type { z } from 'zod';
import { type Capabilities, type Clouds, namesWhere } from '../model/cloud.ts';
import type { Problem } from '../model/problem.ts';
import type { Claim } from './guide.ts';
import { type Path, pathText } from './path.ts';
import { cloudsIn, member, valueAt, visit } from './walk.ts';

/** A value that may be used only once in an environment */
export interface Claimed {
  kind: Claim;
  value: string;
  path: Path;
}

/** Returns the values in a file that may be used only once; the rest of the file may be invalid */
export function claimsOf(schema: z.core.$ZodType, config: unknown): readonly Claimed[] {
  const claims: Claimed[] = [];
  visit(schema, config, ({ claims: kind }, value, path) => {
    if (kind && (typeof value === 'string' || typeof value === 'number'))
      claims.push({ kind, value: `${value}${behind(config, kind, path)}`, path });
  });
  return claims;
}

/** Returns the bastion of a machine: the same private address behind two bastions is two machines */
function behind(config: unknown, kind: Claim, path: Path): string {
  const bastion = kind === 'machine' && valueAt(config, [...path.slice(0, -1), 'proxy', 'address']);
  return typeof bastion === 'string' ? ` behind ${bastion}` : '';
}

/** Block with the options of a role's machines, as written; the rest of the file may be invalid */
export interface MachineBlock {
  path: Path;
  value: unknown;
}

/** Returns every block of machine options in a file */
export function machineBlocks(schema: z.core.$ZodType, config: unknown): readonly MachineBlock[] {
  const blocks: MachineBlock[] = [];
  visit(schema, config, ({ machines }, value, path) => {
    if (machines && typeof value === 'object' && value !== null) blocks.push({ path, value });
  });
  return blocks;
}

/** Returns claims that an earlier one has made already */
export function doubleClaims(claims: readonly Claimed[]): readonly Problem[] {
  const same = (a: Claimed) => (b: Claimed) => a.kind === b.kind && a.value === b.value;
  return claims.flatMap((claim, index) => {
    const first = claims.slice(0, index).find(same(claim));
    if (!first) return [];
    return {
      path: pathText(claim.path),
      value: `\`${claim.value}\``,
      message: `is already in use: ${pathText(first.path)} names the same ${claim.kind}`,
      allowed: `each ${claim.kind} once in an environment`,
      fix: `give one of them another ${claim.kind}`,
    };
  });
}

/**
 * Returns domains that a system also serves under a name derived from another of its options (such as `app.` before its
 * domain)
 * @param names public names of all systems, each as often as it is served
 */
export function sharedNames(claims: readonly Claimed[], names: readonly string[]): readonly Problem[] {
  const domains = claims.filter(({ kind }) => kind === 'domain');
  const often = (list: readonly string[], value: string) => list.filter((one) => one === value).length;
  const claimed = domains.map(({ value }) => value);
  return domains
    .filter(({ value }) => often(claimed, value) === 1 && often(names, value) > 1)
    .map(({ path, value }) => ({
      path: pathText(path),
      value: `\`${value}\``,
      message: 'is already in use: a system of this environment serves it as one of its own names',
      allowed: 'each domain once in an environment',
      fix: 'remove it, or give another domain',
    }));
}

/** Returns operators' networks and keys that are too open or missing for machines that others can reach */
export function operatorProblems(config: unknown, clouds: Clouds): readonly Problem[] {
  if (everyCloud(config, clouds, ({ onThisComputer }) => onThisComputer)) return [];
  const here = namesWhere(clouds, ({ onThisComputer }) => onThisComputer, ' or ');
  const networks = valueAt(config, ['berth:operators', 'networks']);
  const keys = valueAt(config, ['berth:operators', 'sshPublicKeys']);
  const open = (Array.isArray(networks) ? networks : []).flatMap((network, index): readonly Problem[] => {
    if (typeof network !== 'string' || !network.endsWith('/0')) return [];
    return [
      {
        path: pathText(['berth:operators', 'networks', index]),
        value: `\`${network}\``,
        message: 'would open SSH to the whole internet',
        allowed: `your own networks; 0.0.0.0/0 only if all systems are on cloud ${here}`,
        fix: 'name the networks of your office, VPN and runner, such as 198.51.100.0/24',
      },
    ];
  });
  // Nobody logs in to a cluster's pods by SSH
  const loginless = ({ onThisComputer, cluster }: Capabilities) => onThisComputer || cluster === true;
  if (!Array.isArray(keys) || keys.length > 0 || everyCloud(config, clouds, loginless)) return open;
  const nobody = {
    path: pathText(['berth:operators', 'sshPublicKeys']),
    message: 'is empty: no person could log in to a machine',
    allowed: `at least one public key; none only if all systems are on cloud ${namesWhere(clouds, loginless, ' or ')}`,
    fix: 'add the line of ~/.ssh/id_ed25519.pub',
  };
  return [...open, nobody];
}

/** Returns blocks of a cloud's set-up that the file does not use, or lacks */
export function preparedProblems(config: unknown, required: boolean, clouds: Clouds): readonly Problem[] {
  const used = cloudsIn(clouds, config);
  return Object.values(clouds).flatMap((cloud): readonly Problem[] => {
    const { name, prepared } = cloud;
    if (!prepared) return [];
    const path = `berth:${name}`;
    const given = member(config, path) !== undefined;
    if (given && !used.includes(cloud))
      return [{ path, message: `is not used: no system is on cloud ${name}`, fix: 'remove it' }];
    return given || !used.includes(cloud) || !required ? [] : [{ path, ...prepared.missing }];
  });
}

/** Returns whether all systems are on clouds of a kind, such as those of this computer, whose machines nobody else reaches */
function everyCloud(config: unknown, clouds: Clouds, kind: (capabilities: Capabilities) => boolean): boolean {
  const used = cloudsIn(clouds, config);
  return used.length > 0 && used.every((cloud) => cloud !== undefined && kind(cloud.capabilities));
}
