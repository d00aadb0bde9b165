#!/bin/bash
# Brings this machine to the release in the given folder; what works goes on working until the new one has proved itself.
set -Eeuo pipefail
shopt -s inherit_errexit
umask 022
incoming=$1

# shellcheck source=/dev/null
. "$incoming/release.env"
# shellcheck source=templates/host/lib.sh
. "$incoming/scripts/lib.sh"
# shellcheck source=templates/host/trial.sh
. "$incoming/scripts/trial.sh"
# shellcheck source=templates/host/host.sh
. "$incoming/scripts/host.sh"
# shellcheck source=templates/host/services.sh
. "$incoming/scripts/services.sh"
# shellcheck source=templates/host/processes.sh
. "$incoming/scripts/processes.sh"
# shellcheck source=templates/host/nginx.sh
. "$incoming/scripts/nginx.sh"
# shellcheck source=templates/host/switch.sh
. "$incoming/scripts/switch.sh"
# shellcheck source=templates/host/history.sh
. "$incoming/scripts/history.sh"
# shellcheck source=templates/host/verify.sh
. "$incoming/scripts/verify.sh"

main() {
  open_log
  read_live
  note_former
  if in_place; then
    rm -rf "$incoming"
    report "release $RELEASE is in place"
    exit 0
  fi
  trap 'roll_back $?' EXIT
  trap 'exit 143' TERM INT
  keep_release
  step "packages" ensure_packages
  step "volume" mount_volume
  step "room" make_room
  step "configuration" validate_files
  step "host" install_host_files
  step "images" pull_images
  [[ ! -f $release/sources.tsv ]] || step "build" build_sources
  step "service files" install_release_files
  step "services' configuration" validate_services
  step "edge" ensure_edge
  step "new containers" start_services
  step "base" ensure_base
  step "switch" switch_over
  # No way back from here
  trap 'stay $?' EXIT
  rm -rf "$backup"
  end_trial
  step "drain" stop_former
  step "finish" finish_release
  trap - EXIT
  report "release $RELEASE is live"
}

# What ran before goes on, and what was begun is taken back
roll_back() {
  (($1)) || return 0
  trap - EXIT
  trap '' TERM INT
  set +e
  say_failed_step
  restore_routes
  abandon_services
  restore_base
  restore_host_files
  take_back_trial
  if [[ -f $routes ]]; then say "the former release goes on serving"; else say "no release is live yet"; fi
  exit 1
}

# The new release serves already, and what is left of the former one goes later
stay() {
  (($1)) || return 0
  trap - EXIT
  set +e
  say_failed_step
  say "release $RELEASE serves all the same: what is left of the former one goes with the next \`pulumi up\`"
  exit 1
}

main
