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
  local package version was all=() newer=()
  while read -r package version; do
    was=$(awk -v package="$package" '$1 == package { print $2 }' <<<"$former")
    all+=("$package $version")
    [[ $was == "$version" ]] || newer+=("$package $was → $version")
  done < <(versions)
  if ((${#newer[@]})); then printf '%s\n' "${newer[@]}"; else printf '%s\n' "nothing newer than ${all[0]}" "${all[@]:1}"; fi | paste -sd ';' | sed 's/;/, /g'
}

# Before anything is touched: what would stop the containers, and which there are
look() {
  systemctl start docker.service
  await_engine
  [[ $(docker info --format '{{.LiveRestoreEnabled}}') == true ]] ||
    fail "docker's containers would stop with it: write \"live-restore\": true to /etc/docker/daemon.json, then sudo systemctl reload docker, and update again"
  mapfile -t before < <(docker ps --quiet --no-trunc --filter status=running)
}

install_newer() {
  local package newer=() installed candidate
  for package in "${packages[@]}"; do
    installed=$(dpkg-query --show --showformat '${Version}' "$package")
    candidate=$(apt-cache policy "$package" | awk '$1 == "Candidate:" { print $2 }')
    ! dpkg --compare-versions "$candidate" gt "$installed" || newer+=("$package=$candidate")
  done
  with_package_locks dpkg --configure -a
  ((${#newer[@]})) || return 0
  say "installing ${newer[*]}"
  release_engine
  install_packages "${newer[@]}"
}

# Debian's docker.io goes on as it was after an upgrade: what runs a program that is no longer on the disk is started anew
restart_engine() {
  local unit
  systemctl reset-failed containerd.service docker.service 2>/dev/null || true
  for unit in containerd.service docker.service; do
    ! runs_former "$unit" || systemctl restart "$unit"
    systemctl start "$unit"
  done
  await_engine
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
