import type { MachineOptions } from '../config/machineFields.ts';
import type { Balancer, Rule } from '../model/blueprint.ts';
import { machineFact } from '../model/names.ts';
import type { Container } from '../model/service.ts';
import { type Uploads, uploadsMb } from '../model/uploads.ts';
import { ref, type Value } from '../model/value.ts';
import type { Contribution } from './contribution.ts';
import { machinesAsked } from './machines.ts';
import { nginxImage, nginxServer } from './nginx.ts';
import { type PublicTls, publicEdge } from './web.ts';

/** Whose machines answer */
export interface Target {
  role: string;
  count: number;
  port: number;
}

/** A public name whose requests are spread over the machines of a role by an nginx of ours, on one machine */
export function balancerMachine(input: MachineInput): Contribution & { url: string } {
  const { name, to } = input;
  const { role, rules, records, url } = standing(input);
  return { roles: { [name]: role }, rules: [...rules, spreading(name, to)], records, url };
}

/** The machine by itself: what it is and runs, and what is known of its site */
function standing({ name, domain, to, sticky, machine, contact, uploads }: MachineInput) {
  const site = publicEdge({
    role: name,
    sites: [{ domain, prefix: '/', service: 'nginx' }],
    tls: acme(contact, machine),
    uploads,
  });
  const role = {
    machines: machinesAsked(machine, { address: 'reserved' }),
    ...site.roles?.[name],
    services: [nginx(to, sticky, uploads)],
  };
  return { role, rules: site.rules ?? [], records: site.records, url: site.url };
}

interface MachineInput {
  name: string;
  domain: string;
  to: Target;
  /** A visitor stays with the machine that answered first */
  sticky: boolean;
  machine: MachineOptions;
  /** Where the certificate authority writes to */
  contact: string;
  uploads: Uploads;
}

/** The same by the cloud's own balancer, and such a machine in its place where the cloud has none */
export function cloudBalancer(
  input: MachineInput & { healthPath: string; certificate?: string | undefined },
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

const spreading = (name: string, { role, port }: Target): Rule => ({
  from: { role: name },
  to: role,
  port,
  protocol: 'tcp',
  why: `${name} spreads requests over the machines of ${role}`,
});

/** Longer than nginx gives its websockets to end */
const stopSeconds = 30;

const nginx = (to: Target, sticky: boolean, uploads: Uploads): Container =>
  nginxServer({
    name: 'nginx',
    image: nginxImage,
    files: {
      'nginx.conf': {
        template: 'nginx/balancer.conf',
        values: {
          method: sticky ? byAddress : 'least_conn',
          servers: servers(to),
          largestMb: `${uploads.largestMb}`,
          shutdownSeconds: `${stopSeconds - 5}`,
        },
      },
    },
    healthPath: '/balancer/health',
    memoryMb: 150,
    scratchMb: uploadsMb(uploads),
    stopSeconds,
  });

/**
 * Not by a cookie: programs keep none from their handshake to their websocket, and a session must find its machine.
 * All of an address, so that neighbours spread; consistent, so that one machine more moves few of them.
 */
const byAddress = 'hash $http_x_forwarded_for consistent';

/** One line for each machine, whose addresses the cloud gives */
const servers = ({ role, count, port }: Target): Value => ({
  parts: Array.from({ length: count }, (_, index) => [
    '    server ',
    ref(machineFact(role, index, 'privateAddress')),
    `:${port} max_fails=3 fail_timeout=10s;${index < count - 1 ? '\n' : ''}`,
  ]).flat(),
});
