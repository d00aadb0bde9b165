import { runLogged } from '../../../src/process/stage.ts';
import { median, repeated, secondsOf } from '../samples.ts';
import type { Target } from './contender.ts';
import { type Log, project } from './project.ts';

/** Seconds below which no tool can get on these machines, by round trip where the way counts */
export interface Bounds {
  /** One SSH login that does nothing */
  login: Readonly<Record<number, number>>;
  /** Two containers of a version from `docker run` until both answer */
  start: number;
  /** `docker stop` of both */
  stop: number;
  /** `pulumi up` of a program that declares nothing */
  engine: number;
}

/** Measures them on a machine whose site is not touched */
export async function bounds(
  to: Target,
  folder: string,
  privateKey: string,
  roundTrips: readonly number[],
  emptyUp: () => Promise<number>,
  log: Log,
): Promise<Bounds> {
  const own = await project(folder, privateKey);
  await own.aim(to);
  const login: Record<number, number> = {};
  for (const roundTrip of roundTrips) {
    to.wire.delay(roundTrip);
    const words = ['-F', own.sshConfig, '-o', 'ControlMaster=no', '-o', 'ControlPath=none', 'machine', 'true'];
    login[roundTrip] = median(await repeated(5, () => secondsOf(() => runLogged('ssh', words, { log }))));
  }
  to.wire.delay(0);
  const containers = await repeated(3, async () => {
    const [start = 0, stop = 0] = (await to.host.inside(script)).trim().split(' ').map(Number);
    return { start, stop };
  });
  return {
    login,
    start: median(containers.map(({ start }) => start)),
    stop: median(containers.map(({ stop }) => stop)),
    engine: median(await repeated(3, emptyUp)),
  };
}

const image = (part: string): string => `ghcr.io/datalab-mi/basegun/basegun-${part}:3.3.0`;
const answers = (port: number, path: string): string =>
  `until curl --silent --fail --output /dev/null http://127.0.0.1:${port}${path}; do sleep 0.05; done`;

const script = `
docker network create bound >/dev/null
began=$EPOCHREALTIME
docker run --quiet --detach --init --name bound-backend --network bound --network-alias backend --publish 127.0.0.1:18091:5000 --env WORKSPACE=bound --env PATH_LOGS=/tmp ${image('backend')} >/dev/null &
docker run --quiet --detach --init --name bound-frontend --network bound --publish 127.0.0.1:18092:8080 ${image('frontend')} >/dev/null &
wait
${answers(18_091, '/version')}
${answers(18_092, '/')}
started=$EPOCHREALTIME
docker stop bound-backend bound-frontend >/dev/null
ended=$EPOCHREALTIME
docker rm bound-backend bound-frontend >/dev/null
docker network rm bound >/dev/null
python3 -c "print($started - $began, $ended - $started)"`;
