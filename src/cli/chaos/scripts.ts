import { quoted } from '../../render/quoted.ts';

/** Unit on the machine that starts again what was stopped; its name is also the lock of drills of a system */
export const chaosUnit = (system: string): string => `berth-chaos-${system}`;

/** Shell functions that find what runs of a service: containers by their id, programs of supervisor by their name */
const found = (system: string, service: string): string => `
system=${quoted(system)} service=${quoted(service)}
containers() {
  command -v docker >/dev/null || return 0
  docker ps --no-trunc --filter "label=berth.system=$system" --filter "label=berth.service=$service" \\
    --format '{{.ID}} {{.Label "com.docker.compose.oneoff"}}' | awk '$2 != "True" { print $1 }'
}
programs() {
  command -v supervisorctl >/dev/null || return 0
  { supervisorctl status 2>/dev/null || true; } | awk -v own="$system-$service-" \\
    '($1 == own "blue" || $1 == own "green") && $2 == "RUNNING" { print $1 }'
}
`;

const refuseBeside = (unit: string): string => `
! systemctl is-active --quiet berth-converge.service || { echo 'a release is under way on the machine: nothing was stopped' >&2; exit 1; }
! systemctl is-active --quiet ${unit}.timer ${unit}.service || { echo 'another drill is under way on the machine: nothing was stopped' >&2; exit 1; }
`;

/**
 * Starts containers and programs again: once the stop has ended, since what is started before its end would be stopped by
 * it. What a release has removed meanwhile has another in its place. It fails where docker does not answer or start
 * one, and is then tried again.
 */
const start = (unit: string): string => `
while systemctl is-active --quiet ${unit}-stop.service; do sleep 0.2; done
failed=0
for one; do
  name=\${one#*:}
  case $one in
    container:*)
      docker info >/dev/null 2>&1 || exit 1
      docker inspect "$name" >/dev/null 2>&1 || continue
      docker update --restart unless-stopped "$name" >/dev/null || failed=1
      docker start "$name" >/dev/null || failed=1 ;;
    program:*)
      case $(supervisorctl status "$name") in *RUNNING* | *STARTING* | *'no such process'*) continue ;; esac
      supervisorctl start "$name" >/dev/null || failed=1 ;;
  esac
done
exit $failed
`;

/**
 * Returns the script that stops a service on a machine. The timer that starts it again is there before: whatever happens
 * to the connection, the machine keeps it. Over a reboot, which forgets the timer, docker starts the containers, since
 * their restart policy is "always" meanwhile; supervisor starts its programs.
 */
export function stopScript(system: string, service: string, seconds: number): string {
  const unit = chaosUnit(system);
  return `set -euo pipefail
${found(system, service)}
${refuseBeside(unit)}
mapfile -t containers < <(containers)
mapfile -t programs < <(programs)
all=("\${containers[@]/#/container:}" "\${programs[@]/#/program:}")
(( \${#all[@]} > 0 )) || { echo "$service does not run on the machine: nothing was stopped" >&2; exit 1; }
start=${quoted(start(unit))}
systemd-run --quiet --unit=${unit} --on-active=${seconds}s --timer-property=AccuracySec=100ms \\
  --property=Type=oneshot --property=Restart=on-failure --property=RestartSec=5s \\
  -- /bin/bash -c "$start" start "\${all[@]}"
trap 'systemctl start ${unit}.service; systemctl stop ${unit}.timer' ERR
if (( \${#containers[@]} > 0 )); then
  docker update --restart always "\${containers[@]}" >/dev/null
  stop=(docker stop "\${containers[@]}")
else
  stop=(supervisorctl stop "\${programs[@]}")
fi
systemd-run --quiet --unit=${unit}-stop --collect --wait -- "\${stop[@]}" >&2
# The time may have been over before: then nobody else starts it again
systemctl is-active --quiet ${unit}.timer || /bin/bash -c "$start" start "\${all[@]}"
`;
}

/** Returns the script that starts at once what a drill stopped */
export const startNowScript = (system: string): string => {
  const unit = chaosUnit(system);
  return `systemctl is-active --quiet ${unit}.timer || exit 0
systemctl start ${unit}.service
systemctl stop ${unit}.timer
`;
};

/** How long the machine may take to start a service again */
export const startSeconds = 60;

/** Returns the script that waits until the drill is over and the service runs; it fails where it does not */
export function runsScript(system: string, service: string): string {
  const unit = chaosUnit(system);
  return `set -euo pipefail
${found(system, service)}
for _ in $(seq ${startSeconds * 2}); do
  if ! systemctl is-active --quiet ${unit}.timer ${unit}.service && [[ -n $(containers)$(programs) ]]; then exit 0; fi
  sleep 0.5
done
echo "$service does not run, ${startSeconds} s after its time" >&2
exit 1
`;
}

/** Returns the script that restarts a machine, a second after the connection has ended, and prints since when it runs */
export const restartScript = (system: string): string => `set -euo pipefail
${refuseBeside(chaosUnit(system))}
${sinceScript}systemd-run --quiet --unit=${chaosUnit(system)} --on-active=1s systemctl reboot
`;

/** Prints since when a machine runs */
export const sinceScript = 'systemctl show --property UserspaceTimestamp --value\n';
