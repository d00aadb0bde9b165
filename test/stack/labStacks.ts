import { type Stack, stackOf, withSecrets } from './samples.ts';

const schedule = { days: ['mon', 'fri'], start: '08:30', stop: '19:00', zone: 'Europe/Paris' };
const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
const devTestLab = { resourceGroup: 'lostops-lab', lab: 'lostops', name: 'lostops-app' };
const host = { address: '203.0.113.10', privateAddress: '10.20.0.10', user: 'debian', hostKey };

/** Three machines that exist, of which the first may stand in a lab */
const lostops = (app: object): Stack => withSecrets(stackOf('lostops', 'existing', {}, { app }));

/** In a lab, which starts and stops it */
export const inLab = lostops({ schedule, hosts: [{ ...host, devTestLab }] });
/** In a lab, but nobody sets its hours */
export const withoutHours = lostops({ hosts: [{ ...host, devTestLab }] });
export const outsideLab = lostops({ hosts: [host] });
