import type { Blueprint, Role } from '../../model/blueprint.ts';
import { isContainer } from '../../model/service.ts';
import { cpuRequest, memoryLimit } from './container.ts';
import { hasMembers, keepsData } from './input.ts';
import { replacesAtOnce } from './workload.ts';

interface Asked {
  /** Processors, bytes, or a number of objects */
  amount: number;
  /** As a cluster writes it */
  text: string;
}

/** Returns what a system asks a cluster for while the pods of its largest role are replaced, by the names of quotas */
export function demandOf(blueprint: Blueprint): Readonly<Record<string, Asked>> {
  const roles = Object.entries(blueprint.roles).map(([name, role]) => ofRole(blueprint, name, role));
  const sum = (of: (one: RoleDemand) => number): number => {
    const standing = roles.reduce((total, one) => total + one.pods * of(one), 0);
    // Roles are released one after another
    return standing + Math.max(0, ...roles.map((one) => one.surge * of(one)));
  };
  const pods = sum(() => 1);
  const milli = sum(({ milliCpu }) => milliCpu);
  const [requested, limited] = [sum(({ requestMb }) => requestMb), sum(({ limitMb }) => limitMb)];
  const claims = roles.reduce((total, one) => total + one.claims, 0);
  const memory = (mb: number): Asked => ({ amount: mb * 2 ** 20, text: `${mb}Mi` });
  const cpu = { amount: milli / 1000, text: `${milli}m` };
  return {
    ...{ pods: { amount: pods, text: `${pods}` }, 'count/pods': { amount: pods, text: `${pods}` } },
    ...{ cpu, 'requests.cpu': cpu, memory: memory(requested), 'requests.memory': memory(requested) },
    'limits.memory': memory(limited),
    persistentvolumeclaims: { amount: claims, text: `${claims}` },
  };
}

interface RoleDemand {
  pods: number;
  /** Pods beside them while they are replaced */
  surge: number;
  milliCpu: number;
  requestMb: number;
  limitMb: number;
  claims: number;
}

function ofRole(blueprint: Blueprint, name: string, role: Role): RoleDemand {
  const containers = role.services.filter(isContainer);
  const total = (of: (one: (typeof containers)[number]) => number) => containers.reduce((sum, one) => sum + of(one), 0);
  return {
    pods: role.count,
    surge: hasMembers(blueprint, name, role) || replacesAtOnce(role) ? 0 : 1,
    milliCpu: total(cpuRequest),
    requestMb: total(({ memoryMb }) => memoryMb),
    limitMb: total(memoryLimit),
    claims: keepsData(role) ? role.count : 0,
  };
}
