import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../../../paths.ts';
import { requireProgram } from '../../../process/debian.ts';
import { interrupted } from '../../../process/interrupt.ts';
import { withLock } from '../../../process/lock.ts';
import { isOnPath } from '../../../process/onPath.ts';
import { runLogged } from '../../../process/stage.ts';

type Log = (line: string) => void;

const startSeconds = 60;

/**
 * Ensures that a docker engine answers: an existing one, or else the engine of Debian or Ubuntu, installed and started
 * here. Returns one line that says which.
 * @throws an error of one sentence that says what is missing and how to get it
 */
export async function ensureDocker(log: Log): Promise<string> {
  const first = await dockerAnswer();
  if ('version' in first) return `docker ${first.version} answers`;
  const obstacle = await obstacleToOwnEngine();
  if (obstacle !== undefined) throw new Error(noDocker(first.problem, obstacle));
  return withLock(join(cacheFolder(), 'docker.lock'), log, () => installAndStart(log));
}

/** Returns the cgroup version of the engine's containers, such as `v2`; machines boot on both */
export async function cgroupVersion(): Promise<string> {
  const words = ['info', '--format', '{{.CgroupVersion}}'];
  return `v${(await runLogged('docker', words, { log: () => undefined, timeoutSeconds: 15 })).trim()}`;
}

/**
 * Variable with which `npm test` passes its tests the reason why no docker engine can run, after it has failed to start
 * one
 */
export const obstacleVariable = 'BERTH_DOCKER_OBSTACLE';

/**
 * Returns the reason why no docker engine can run here; `undefined` if one answers or may be started. Changes nothing.
 */
export async function dockerObstacle(): Promise<string | undefined> {
  if (process.env[obstacleVariable]) return process.env[obstacleVariable];
  const answer = await dockerAnswer();
  if ('version' in answer) return undefined;
  const obstacle = await obstacleToOwnEngine();
  return obstacle && noDocker(answer.problem, obstacle);
}

async function installAndStart(log: Log): Promise<string> {
  const done: string[] = [];
  if (!isOnPath('dockerd') || !isOnPath('docker')) {
    const why = 'local machines need a docker engine';
    await requireProgram({ program: 'dockerd', packages: ['docker.io'], why }, log);
    // Debian 13 and later package the client separately
    await requireProgram({ program: 'docker', packages: ['docker-cli'], why }, log);
    done.push('installed');
  }
  if ('version' in (await dockerAnswer())) return `docker was ${done.join(' and ')}`;
  const hasEnded = await start(log);
  const version = await waitForAnswer(hasEnded);
  return `docker ${version} was ${[...done, 'started'].join(' and ')}`;
}

/** Starts the engine. Returns a function that returns whether the engine has exited. */
async function start(log: Log): Promise<() => boolean> {
  if (existsSync('/run/systemd/system')) {
    log('starting docker.service');
    await runLogged('systemctl', ['start', 'docker.service'], { log, timeoutSeconds: 90 });
    return () => false;
  }
  log(`starting dockerd, which writes to ${logFile()}`);
  mkdirSync(join(cacheFolder(), 'logs'), { recursive: true });
  const output = openSync(logFile(), 'w');
  // Detached, so that the engine keeps running after this command, like one started by the system
  const engine = spawn('dockerd', [], { detached: true, stdio: ['ignore', output, output] });
  closeSync(output);
  engine.unref();
  let hasEnded = false;
  const onEnd = (): void => {
    hasEnded = true;
  };
  engine.once('exit', onEnd).once('error', onEnd);
  return () => hasEnded;
}

async function waitForAnswer(hasEnded: () => boolean): Promise<string> {
  const deadline = Date.now() + startSeconds * 1000;
  for (;;) {
    const answer = await dockerAnswer();
    if ('version' in answer) return answer.version;
    if (hasEnded() || Date.now() > deadline) {
      const what = hasEnded() ? 'exited at once' : `does not answer after ${startSeconds} s (${answer.problem})`;
      const lines = await readFile(logFile(), 'utf8').catch(() => '');
      const last = lines.trimEnd().split('\n').slice(-2).join(' ');
      throw new Error(`docker was started but ${what}: ${last}\nits log: ${logFile()}`);
    }
    await sleep(300, undefined, { signal: interrupted });
  }
}

async function dockerAnswer(): Promise<{ version: string } | { problem: string }> {
  try {
    const version = await runLogged('docker', ['version', '--format', '{{.Server.Version}}'], {
      log: () => undefined,
      timeoutSeconds: 15,
    });
    return { version: version.trim() };
  } catch (error) {
    const lines = (error instanceof Error ? error.message : String(error)).split('\n').filter((line) => line !== '');
    return { problem: lines.at(-1) ?? 'no reason given' };
  }
}

/**
 * Returns one sentence about an engine that gave no answer
 * @param problem last line of docker's message
 * @param obstacle reason why berth may not start an engine, as the end of a sentence
 */
export function noDocker(problem: string, obstacle: string): string {
  if (!/permission denied/i.test(problem)) return `no docker engine answers (${problem}) and ${obstacle}`;
  return 'a docker engine runs, but this user may not use it: run sudo usermod -aG docker $USER and log in again, or run the same command with sudo';
}

/** Returns the reason why berth may not install and start an engine, as the end of a sentence */
async function obstacleToOwnEngine(): Promise<string | undefined> {
  if (process.env.DOCKER_HOST) return `DOCKER_HOST names ${process.env.DOCKER_HOST}: start that engine, or unset it`;
  if (process.platform !== 'linux') return 'it must be installed by hand: install Docker Desktop and start it';
  const system = await readFile('/etc/os-release', 'utf8').catch(() => '');
  if (!/^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(system)) {
    return 'berth installs docker only on Debian and Ubuntu: install Docker (https://docs.docker.com/engine/install/) and start it';
  }
  if (process.getuid?.() !== 0) {
    return 'installing and starting docker needs root: run the same command as root once, or install docker.io and join the docker group';
  }
  return undefined;
}

function logFile(): string {
  return join(cacheFolder(), 'logs', 'dockerd.log');
}
