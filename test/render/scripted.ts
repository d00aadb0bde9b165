import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Release, ReleaseService } from '../../src/render/releaseFormat.ts';
import type { Answer } from './docker.ts';

/**
 * Runs parts of the release engine on a machine that is a folder, with a scripted container engine, which only counts.
 * @param files by path in its folder: `state/…` is the state's, `containers` what runs at the beginning, `secrets.json` the
 *   lines that are never shown
 * @param script what is done, in Python, with the engine's modules at hand, `machine`, `root` and `release_of(name)`
 */
export async function onScriptedMachine(
  files: Readonly<Record<string, string>>,
  script: string,
): Promise<Answer & { containers: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-scripted-'));
  try {
    for (const [path, content] of Object.entries({ containers: '', ...programs, ...files })) {
      const placed = join(folder, path.replace(/^state\//, 'var/lib/berth/shop/'));
      mkdirSync(dirname(placed), { recursive: true });
      writeFileSync(placed, content);
    }
    for (const path of Object.keys(programs)) chmodSync(join(folder, path), 0o755);
    const answer: Answer = await new Promise((resolve) => {
      const env = { PATH: `${folder}/bin:${process.env.PATH}`, ENGINE: folder };
      execFile('python3', ['-IBc', `${start}\n${script}`, folder], { env, timeout: 50_000 }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code) || 1, output: `${stdout}${stderr}` }),
      );
    });
    return { ...answer, containers: readFileSync(join(folder, 'containers'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A release with little in it, as its machine reads it */
export const releaseText = (own: Partial<Release>): string =>
  JSON.stringify({
    ...{ format: 1, system: 'shop', version: '1', name: 'new', adopted: false, minimumFreeMb: 0, drainSeconds: 0 },
    ...{
      volumeDevices: [],
      packages: [],
      images: [],
      units: [],
      bootUnits: [],
      services: [],
      jobs: [],
      files: [],
      folders: [],
      builds: [],
    },
    ...own,
  } satisfies Release);

export const serviceOf = (own: Partial<ReleaseService>): ReleaseService => ({
  ...{ name: 'app', rollout: 'colours', definition: 'app1', blue: 20_000, green: 20_001 },
  ...{ calls: [], deadlineSeconds: 0, memoryMb: 0, logFolders: [] },
  ...own,
});

const start = `
import json, sys, time
from pathlib import Path
sys.path.insert(0, ${JSON.stringify(new URL('../../src/hosts/host/', import.meta.url).pathname)})
import act, builds, converge, edge, history, images, killed, live, look, packages, plan, release, replaced, room, services, start, steps, tell
from machine import Answer, Machine

root = Path(sys.argv[1])
real_sleep = time.sleep
time.sleep = lambda seconds: real_sleep(min(seconds, 0.05))
replaced._SHORTEST_SECONDS = 0.2
edge._FOLLOW_SECONDS = 1
tell._DOING = root / "doing"
secrets = root / "secrets.json"
machine = Machine("shop", tell.Teller(json.loads(secrets.read_text()) if secrets.exists() else []), root)
(machine.state / "edge").mkdir(parents=True, exist_ok=True)

def release_of(name):
    return release.read_release(machine.releases / name)

def work_of(name):
    wanted = release_of(name)
    seen = look.look(machine, wanted)
    led = {choice.service.name: choice.standing for choice in plan.choose(seen, wanted)}
    return act.Work(machine, wanted, seen, machine.releases / name, led, services.choices(wanted, led))

def carry_out(name, *kinds, actions=converge.ACTIONS):
    """Brings the machine to a release by these steps of its plan alone, and tells of it as a release does."""
    work = work_of(name)
    made = tuple(step for step in plan.plan(work.seen, work.release) if isinstance(step, kinds))
    if act.carry_out(work, made, actions) != "done":
        edge.say_what_serves(machine, work.release)
        sys.exit(1)
`;

// Containers stand in a file: id, service, definition, project, state, status. A definition that begins with \`bad\` never
// starts, one with \`sick\` runs and falls; \`compose up\` replaces what is there, as the engine does.
const programs = {
  'bin/systemctl': '#!/bin/sh\n',
  'bin/dpkg-query': '#!/bin/sh\n',
  'bin/unshare': '#!/bin/sh\n',
  'bin/nft': '#!/bin/sh\n',
  'bin/ss': '#!/bin/sh\n',
  'bin/docker': `#!/bin/bash
    all=$ENGINE/containers; touch "$all"
    remove() { sed -i "/^$1 /d" "$all"; }
    case $1 in
      ps)
        service=[^,]*; project=[^,]*; format=
        while (($#)); do case $1 in
          label=berth.service=*) service=\${1##*=} ;;
          label=com.docker.compose.project=*) project=\${1##*=} ;;
          --format) format=$2 ;;
        esac; shift; done
        awk -v service="^$service$" -v project="^$project$" -v format="$format" '$2 ~ service && $4 ~ project {
          if (format == "") print $1
          else if (format ~ /^{{.ID}}/) print $1 "|" $2 "|" $3 "|" $4 "|" $5 "|" $6 ($7 == "" ? "" : " " $7)
          else print $3
        }' "$all" ;;
      inspect) [[ $* != *RestartCount* || $* == *Status* ]] || { echo 0; exit; }; awk -v id="\${!#}" '$1 == id { print $5, ($5 == "running" ? 0 : 3), ($7 == "(unhealthy)" ? "unhealthy" : "") }' "$all" ;;
      stop | rm) echo "$1 \${!#}" >>"$ENGINE/calls"; [[ $1 == stop ]] || remove "\${!#}" ;;
      logs) echo "exec: no such file" ;;
      compose)
        project=$3 file=$5 service=\${!#}
        [[ "$*" != *"config --services" ]] || { sed -n 's/^  \\(.*\\): .*/\\1/p' "$file"; exit; }
        [[ "$*" == *" up "* ]] || exit 0
        definition=$(sed -n "s/^  $service: //p" "$file")
        sed -i "/ $service [^ ]* $project /d" "$all"
        id=$RANDOM$RANDOM
        echo "up $project $service $definition" >>"$ENGINE/calls"
        case $definition in
          bad*) echo "$id $service $definition $project created Created" >>"$all"; exit 1 ;;
          sick*) echo "$id $service $definition $project restarting Restarting" >>"$all" ;;
          *) echo "$id $service $definition $project running Up" >>"$all" ;;
        esac ;;
    esac`,
};
