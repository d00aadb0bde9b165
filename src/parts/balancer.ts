import type { MachineOptions } from '../config/machineFields.ts';
import type { Balancer, Rule } from '../model/blueprint.ts';
import { machineFact } from '../model/names.ts';
import { leftOutSeconds } from '../model/rolling.ts';
import type { Container } from '../model/service.ts';
import { type Uploads, uploadsMb } from '../model/uploads.ts';
import { ref, type Value } from '../model/value.ts';
import type { Contribution } from './contribution.ts';
import { machinesAsked } from './machines.ts';
import { nginxImage, nginxServer } from './nginx.ts';
import { type PublicTls, publicEdge } from './web.ts';

/** The machines that receive the requests */
export interface BalancedMachines {
  role: string;
  count: number;
  port: number;
}

/**
 * Returns an nginx that distributes the requests to a public name over the machines of a role, on one machine or on two
 * with one address
 */
export function balancerMachine(input: BalancerMachineInput): Contribution & { url: string } {
  const { name, to } = input;
  const { role, rules, records, url } = standing(input);
  return { roles: { [name]: role }, rules: [...rules, spreading(name, to)], records, url };
}

/** Returns the balancer's role, and the rules, records and URL of its site */
function standing({ name, domain, to, sticky, machine, contact, uploads }: BalancerMachineInput) {
  const twice = (machine.count ?? 1) > 1;
  const site = publicEdge({
    role: name,
    sites: [{ domain, prefix: '/', service: 'nginx' }],
    tls: acme(contact, machine),
    uploads,
    // Two machines with one name each ask for its certificate, and answer the authority for each other
    ...(twice && { kind: 'nginx' }),
  });
  const role = {
    machines: {
      ...machinesAsked(machine, { address: 'reserved' }),
      ...(twice && { failover: 'asked' as const }),
    },
    ...site.roles?.[name],
    services: [nginx(to, sticky, uploads)],
  };
  return { role, rules: site.rules ?? [], records: site.records, url: site.url };
}

interface BalancerMachineInput {
  name: string;
  domain: string;
  to: BalancedMachines;
  /**
   * Whether a Socket.IO session stays with the machine that answered its first request, and so do a visitor's requests
   * without a session
   */
  sticky: boolean;
  machine: MachineOptions;
  /** Contact e-mail address for the certificate authority */
  contact: string;
  uploads: Uploads;
}

/** Returns the same with the cloud's balancer service; a cloud without one runs the machine instead */
export function cloudBalancer(
  input: BalancerMachineInput & { healthPath: string; certificate?: string | undefined },
): Contribution & { url: string } {
  const { name, domain, to, sticky, healthPath, certificate } = input;
  const { role, rules, url } = standing(input);
  const { machines, ...runs } = role;
  const balancer: Balancer = {
    ...{ name, domain, role: to.role, port: to.port, healthPath, sticky },
    ...(certificate !== undefined && { certificate }),
    inItsPlace: { ...machines, ...runs },
  };
  return {
    balancers: [balancer],
    rules: [...rules, spreading(name, to)],
    records: [{ name: domain, to: { balancer: name } }],
    url,
  };
}

function acme(contact: string, { publish }: MachineOptions): PublicTls {
  const httpsPort = publish?.[443];
  return { kind: 'acme', contact, ...(httpsPort !== undefined && { httpsPort }) };
}

const spreading = (name: string, { role, port }: BalancedMachines): Rule => ({
  from: { role: name },
  to: role,
  port,
  protocol: 'tcp',
  why: `${name} spreads requests over the machines of ${role}`,
});

/** Longer than `worker_shutdown_timeout`, after which nginx closes websockets */
const stopSeconds = 30;

const nginx = (to: BalancedMachines, sticky: boolean, uploads: Uploads): Container =>
  nginxServer({
    name: 'nginx',
    image: nginxImage,
    files: {
      'nginx.conf': {
        template: 'nginx/balancer.conf',
        values: {
          method: sticky ? 'hash $machine_key consistent' : 'least_conn',
          servers: servers(to),
          largestMb: `${uploads.largestMb}`,
          shutdownSeconds: `${stopSeconds - 5}`,
        },
      },
      ...(sticky && { 'sticky.conf': { template: 'nginx/balancer-sticky.conf', values: {} } }),
    },
    healthPath: '/balancer/health',
    memoryMb: 150,
    scratchMb: uploadsMb(uploads),
    stopSeconds,
  });

/** One `server` line for each machine, with the address from the cloud */
const servers = ({ role, count, port }: BalancedMachines): Value => ({
  parts: Array.from({ length: count }, (_, index) => [
    '    server ',
    ref(machineFact(role, index, 'privateAddress')),
    `:${port} max_fails=3 fail_timeout=${leftOutSeconds}s;${index < count - 1 ? '\n' : ''}`,
  ]).flat(),
});
