import type { Rule } from './blueprint.ts';

/** The port of every machine's SSH server */
export const sshPort = 22;

/** What every role allows: its operators may log in */
export const operatorAccess = (role: string): Rule => ({
  from: 'operators',
  to: role,
  port: sshPort,
  protocol: 'tcp',
  why: 'operators administer the machine over SSH',
});
