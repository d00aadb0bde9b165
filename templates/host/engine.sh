#!/bin/bash
# The container engine's packages: newer versions of them and of nothing else, while what runs goes on (live-restore).
# Run again after a kill, it goes on where it was.
# shellcheck disable=SC2004,SC2034,SC2154 # variables are shared by the parts of converge.sh
set -Eeuo pipefail
shopt -s inherit_errexit
incoming=$1
# shellcheck source=/dev/null
. "$incoming/release.env"
for part in lib trial packages host services processes; do
  # shellcheck source=/dev/null
  . "$incoming/scripts/$part.sh"
done
# Containers that ran before, by number
before=()
well_again_seconds=120
start_seconds=120

main() {
  open_log
  read_live
  if is_installed docker-ce; then
    report "its engine is docker-ce, which is others' to update (apt-get install --only-upgrade docker-ce containerd.io): nothing was touched"
    exit 0
  fi
  mapfile -t packages < <(engine_packages)
  if ! grep -qx docker.io "$release/packages" || ((${#packages[@]} == 0)); then
    report "no container engine of berth's is on it: nothing to update"
    exit 0
  fi
  trap 'ended $?' EXIT
  trap 'exit 143' TERM INT
  former=$(versions)
  step "package lists" update_packages
  step "look" look
  step "packages" install_newer
  step "engine" restart_engine
  step "services" await_services
  step "hold" hold_engine
  trap - EXIT
  report "$(told_versions); ${#before[@]} containers run as before"
}

# Whatever happened, nothing else changes them later
ended() {
  (($1 == 0)) || say_failed_step
  hold_engine || true
  rm -f "$step_log"
}

versions() { dpkg-query --show --showformat '${Package} ${Version}\n' "${packages[@]}"; }

told_versions() {
  local changed
  changed=$(changes)
  echo "${changed:-nothing newer than $(versions | listed)}"
}

# By this update
changes() {
  local package version was
  while read -r package version; do
    was=$(awk -v package="$package" '$1 == package { print $2 }' <<<"$former")
    [[ $was == "$version" ]] || echo "$package $was → $version"
  done < <(versions) | listed
}

listed() { paste -sd ';' | sed 's/;/, /g'; }

# Before anything is touched: what would stop the containers, and which there are
look() {
  if ! start_unit docker.service start; then
    # Those that run have outlived it, so its next start leaves them running, too
    mapfile -t before < <(without_engine)
    say "docker.service does not start, ${#before[@]} containers run without it: newer versions may mend it"
    return
  fi
  [[ $(docker info --format '{{.LiveRestoreEnabled}}') == true ]] ||
    fail "docker's containers would stop with it: write \"live-restore\": true to /etc/docker/daemon.json, then sudo systemctl reload docker, and update again"
  mapfile -t before < <(docker ps --quiet --no-trunc --filter status=running)
}

# Containers that run, by the processes that hold them, which no engine is asked for
without_engine() {
  { pgrep --full --list-full '^[^ ]*containerd-shim[^ ]* -namespace moby ' || true; } | sed -n 's/.* -id \([0-9a-f]*\).*/\1/p'
}

install_newer() {
  local package newer=() installed candidate
  for package in "${packages[@]}"; do
    installed=$(version_of "$package")
    candidate=$(apt-cache policy "$package" | awk '$1 == "Candidate:" { print $2 }')
    ! dpkg --compare-versions "$candidate" gt "$installed" || newer+=("$package=$candidate")
  done
  # A version whose set-up fails is mended by a newer one
  with_package_locks dpkg --configure -a || ((${#newer[@]})) || return 1
  ((${#newer[@]})) || return 0
  say "installing ${newer[*]}"
  install_packages --allow-change-held-packages "${newer[@]}"
}

version_of() { dpkg-query --show --showformat '${Version}' "$1"; }

# Debian's docker.io goes on as it was after an upgrade: what runs a program that is no longer on the disk is started anew
restart_engine() {
  local unit word
  for unit in containerd.service docker.service; do
    word=start
    ! runs_former "$unit" || word=restart
    start_unit "$unit" "$word" || engine_is_down "$unit"
  done
}

# Some versions fail at their start, others never end it
start_unit() {
  local unit=$1 word=$2
  systemctl reset-failed "$unit" 2>/dev/null || true
  timeout "$start_seconds" systemctl "$word" "$unit" || return 1
  [[ $unit != docker.service ]] || await_engine
}

# What a person needs who reads this at night: whether anything is away, and the ways on
engine_is_down() {
  local unit=$1 package=docker.io older back='' running
  [[ $unit == docker.service ]] || package=containerd
  running=$(without_engine | grep -cxFf <(printf '%s\n' "${before[@]}")) || true
  say "$unit: its last lines:"
  journalctl --unit "$unit" --lines 10 --output cat --no-pager | scrub | say_lines
  older=$(older_version "$package")
  [[ -z $older ]] || back="
to go back: sudo apt-get install --allow-downgrades --allow-change-held-packages $package=$older && sudo systemctl reset-failed $unit && sudo systemctl restart $unit"
  fail "$unit does not start: $(told_versions)
$running of ${#before[@]} containers run on without it; one that stops is not started again, and one that writes more than 64 KB to its output stands still
see sudo journalctl -u $unit; a newer version, once there is one, comes by updating again$back"
}

# The newest before a package's version that its repositories have
older_version() {
  local version newest='' now
  now=$(version_of "$1")
  while read -r version; do
    if dpkg --compare-versions "$version" lt "$now" && dpkg --compare-versions "$version" gt "$newest"; then newest=$version; fi
  done < <(apt-cache madison "$1" | awk -F ' *[|] *' '{ print $2 }')
  echo "$newest"
}

runs_former() { [[ $(readlink "/proc/$(systemctl show --property MainPID --value "$1")/exe") == *' (deleted)' ]]; }

await_services() {
  local id name state end=$((SECONDS + well_again_seconds))
  for id in "${before[@]}"; do
    [[ $(state_of "$id") != exited* ]] || { say "starting $(name_of "$id"), which has stopped"; docker start "$id"; }
    until state=$(state_of "$id") && [[ $state == 'running ' || $state == 'running healthy' ]]; do
      if ((SECONDS >= end)); then
        say "$(name_of "$id"): its last lines:"
        docker logs --tail 15 "$id" 2>&1 | scrub | say_lines
        fail "$(name_of "$id") ran before the update and is not well again after $well_again_seconds s: it is ${state:-gone}"
      fi
      sleep 0.5
    done
  done
  for name in "${!live_port[@]}"; do
    port[$name]=${live_port[$name]} colour[$name]=${live_colour[$name]}
    wait_healthy "$name" "$name"
  done
}

state_of() { docker inspect --format '{{.State.Status}} {{with .State.Health}}{{.Status}}{{end}}' "$1"; }
name_of() { docker inspect --format '{{slice .Name 1}}' "$1"; }

main
