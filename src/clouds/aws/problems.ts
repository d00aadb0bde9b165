import { pathText } from '../../config/path.ts';
import type { Blueprint } from '../../model/blueprint.ts';
import type { Problem } from '../../model/problem.ts';

/** Returns a system's settings that AWS would reject, or that would fail on the machine */
export function awsProblems(
  { system, roles, caches, balancers }: Blueprint,
  region: string | undefined,
): readonly Problem[] {
  const at = (...keys: string[]) => pathText(['berth:systems', system, ...keys]);
  return [
    ...Object.entries(roles).flatMap(([, { option, size, volume }]) =>
      size === undefined ? [] : machineSize(at(option, 'size'), size, volume !== undefined),
    ),
    ...caches.flatMap(({ name, inItsPlace }) =>
      inItsPlace.size === undefined ? [] : cacheSize(at(name, 'size'), inItsPlace.size),
    ),
    ...caches
      .filter((cache) => cache.acceptFormerPassword && cache.password === undefined)
      .map(({ name }) => ({
        path: at(name, 'acceptFormerPassword'),
        value: '`true`',
        message: 'has no effect for a cache without a password',
        fix: 'remove it, or give the cache a password',
      })),
    ...balancers
      .filter(({ certificate }) => certificate === undefined)
      .map(({ name, domain }) => ({
        path: at('certificate'),
        message: `is missing: balancer ${name} serves ${domain} over HTTPS`,
        allowed: 'the ARN of a certificate of the same region',
        fix: 'ask AWS Certificate Manager for one and write its ARN',
      })),
    ...balancers.flatMap(({ certificate }) => certificateRegion(at('certificate'), certificate, region)),
  ];
}

/** A balancer only finds certificates of its own region, which is the fourth part of an ARN */
function certificateRegion(path: string, certificate?: string, region?: string): readonly Problem[] {
  const [, , , found] = certificate?.split(':') ?? [];
  if (found === undefined || region === undefined || found === region) return [];
  return [
    {
      path,
      value: `\`${certificate}\``,
      message: `is a certificate of region ${found}, and a balancer of region ${region} can't serve it`,
      allowed: `the ARN of a certificate of region ${region}`,
      fix: `ask AWS Certificate Manager for one in ${region} and write its ARN`,
    },
  ];
}

/** The machine image is built for x86, and only Nitro types name a disk after its volume */
function machineSize(path: string, size: string, hasVolume: boolean): readonly Problem[] {
  const problem = (message: string, allowed: string) => [{ path, value: `\`${size}\``, message, allowed }];
  if (!/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(size)) {
    return problem('is not a size of cloud aws', 'an EC2 instance type, such as t3.micro');
  }
  if (arm.test(size)) {
    return problem('has ARM processors, and the images of machines and services are for x86', 'such as t3.micro');
  }
  if (!hasVolume || !beforeNitro.test(size)) return [];
  return problem('is too old to find its data volume by volume id', 'a type of the Nitro system, such as t3.micro');
}

const arm = /^(?:a1|[a-z]+\d+g[a-z]*)\./;
const beforeNitro = /^(?:t[12]|m[1-4]|c[134]|r[34]|i[23]|d2|h1|x1e?|f1|g[23]s?|p[23])\./;

function cacheSize(path: string, size: string): readonly Problem[] {
  const problem = (message: string) => [{ path, value: `\`${size}\``, message, allowed: cacheSizes }];
  if (!/^cache\.[a-z0-9-]+\.[a-z0-9-]+$/.test(size)) return problem('is not a size of a cache of cloud aws');
  if (beforeTls.test(size)) return problem('is too old to encrypt its connections');
  return tiered.test(size) ? problem('keeps part of its data on disk, which berth does not support') : [];
}

const cacheSizes = 'an ElastiCache node type, such as cache.t4g.micro';
const beforeTls = /^cache\.(?:t1|m[12]|c1)\./;
const tiered = /^cache\.r\d+gd\./;
