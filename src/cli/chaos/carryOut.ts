import { setTimeout } from 'node:timers/promises';
import { interrupted } from '../../process/interrupt.ts';
import { failureOf, runRemotely } from '../ssh/remoteScript.ts';
import type { ChosenMachine } from '../update/order.ts';
import { restartScript, runsScript, sinceScript, startNowScript, startSeconds, stopScript } from './scripts.ts';

const bootSeconds = 300;

/** Longest time that a service may take to stop; workers finish their jobs first */
const stopSeconds = 600;

/**
 * Stops a service for a time and returns when it runs again; an interrupt ends the time at once
 * @throws where it was not stopped, or does not run again; then with who starts it
 */
export async function stopFor(machine: ChosenMachine, key: string, service: string, seconds: number): Promise<void> {
  const { system, name, outputs } = machine;
  const until = Date.now() + seconds * 1000;
  const byItself = `${name} starts ${service} again by itself at ${new Date(until).toISOString().slice(11, 19)} UTC`;
  const remotely = (script: string, within: number) => runRemotely(outputs, key, script, [], within);
  console.log(`stopping ${service} on ${name} for ${seconds} s; ${byItself}, whatever happens to this command`);
  const stopped = await remotely(stopScript(system, service, seconds), stopSeconds).catch((error: Error) => {
    throw new Error(`${name}: ${error.message}; if ${service} was stopped, ${byItself}`);
  });
  if (stopped.code !== 0) throw new Error(`${name}: ${failureOf(stopped)}`);
  await setTimeout(Math.max(0, until - Date.now()), undefined, { signal: interrupted }).catch(() => undefined);
  if (interrupted.aborted) console.log(`interrupted: starting ${service} now`);
  const now = interrupted.aborted ? startNowScript(system) : '';
  const runs = await remotely(`${now}${runsScript(system, service)}`, 2 * startSeconds).catch((error: Error) => {
    throw new Error(`${name} can't be asked whether ${service} runs again (${error.message}); ${byItself}`);
  });
  if (runs.code !== 0) throw new Error(`${name}: ${failureOf(runs)}: see berth status --check`);
  console.log(`${service} runs again on ${name}`);
}

/**
 * Restarts a machine and returns when it lets in again
 * @throws where it was not restarted, or is not back in time
 */
export async function restart({ system, name, outputs }: ChosenMachine, key: string): Promise<void> {
  const began = performance.now();
  const asked = await runRemotely(outputs, key, restartScript(system), []);
  if (asked.code !== 0) throw new Error(`${name}: ${failureOf(asked)}`);
  console.log(`${name} restarts; it comes back by itself, whatever happens to this command`);
  while (performance.now() - began < bootSeconds * 1000) {
    await setTimeout(1000, undefined, { signal: interrupted }).catch(() => {
      throw new Error(`interrupted: ${name} comes back by itself`);
    });
    const now = await runRemotely(outputs, key, sinceScript, [], 10).catch(() => undefined);
    if (now?.code !== 0 || now.stdout.trim() === asked.stdout.trim()) continue;
    console.log(`${name} lets in again after ${Math.round((performance.now() - began) / 1000)} s`);
    return;
  }
  throw new Error(`${name} has not come back within ${bootSeconds} s: look at its cloud's console`);
}
