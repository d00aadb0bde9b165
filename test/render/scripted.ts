import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Answer } from './docker.ts';

/**
 * Runs the machine's own scripts in a folder of their own, with a scripted container engine, which only counts.
 * @param files by path in its folder: `state/…` is the state's, `containers` what runs at the beginning
 * @param script what is done, with the parts of converge.sh at hand; `$state` is the state's folder
 */
export async function onScriptedMachine(
  files: Readonly<Record<string, string>>,
  script: string,
): Promise<Answer & { containers: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-scripted-'));
  try {
    for (const [path, content] of Object.entries({ ...programs, ...files })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    for (const path of Object.keys(programs)) chmodSync(join(folder, path), 0o755);
    const answer: Answer = await new Promise((resolve) => {
      const words = ['--norc', '-Eeuo', 'pipefail', '-c', `${start}\n${script}`, 'bash', folder];
      const env = { PATH: `${folder}/bin:${process.env.PATH}`, ENGINE: folder };
      execFile('bash', words, { env, timeout: 150_000 }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code) || 1, output: `${stdout}${stderr}` }),
      );
    });
    return { ...answer, containers: readFileSync(join(folder, 'containers'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const parts = [
  'trial',
  'host',
  'proxy',
  'images',
  'services',
  'processes',
  'nginx',
  'switch',
  'history',
  'back',
  'verify',
];

const start = `shopt -s inherit_errexit
  SYSTEM=shop RELEASE=new VERSION=2 EDGE_DEFINITION= EDGE_RESTART=no EDGE_STATUS=2.. DRAIN_SECONDS=0
  . templates/host/lib.sh
  state=$1/state release=$1/state/releases/new routes=$1/state/edge/routes.yaml configuration=$1/etc step_log=$1/log
  ${parts.map((name) => `. templates/host/${name}.sh`).join('\n  ')}
  sources=$1/sources programs=$1/programs trial=$1/trial backup=$1/backup
  mkdir -p "$state/edge"
  exec 3>&1 4>&2 >>"$step_log" 2>&1
  restore_host_files() { :; }`;

// Containers stand in a file: id, service, definition, project, state, status. A definition that begins with \`bad\` never
// starts, one with \`sick\` runs and falls; \`compose up\` replaces what is there, as the engine does.
const programs = {
  'bin/systemd-cat': '#!/bin/sh\ncat >/dev/null\n',
  'bin/ss': '#!/bin/sh\n',
  'bin/sleep': '#!/bin/sh\nexec /bin/sleep 0.05\n',
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
          status = $6 " " $7
          if (format == "") print $1
          else if (format == "{{.Status}}") print status
          else if (format ~ /^{{.ID}}/) print $1, $2, $4
          else print $2, $3, $4, $5, status
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
