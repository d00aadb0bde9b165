import type { Rule } from './blueprint.ts';

/** Port of the SSH server on every machine that berth makes */
export const sshPort = 22;

/** The rule of every role that lets operators log in over SSH */
export const operatorAccess = (role: string): Rule => ({
  from: 'operators',
  to: role,
  port: sshPort,
  protocol: 'tcp',
  why: 'operators administer the machine over SSH',
});
