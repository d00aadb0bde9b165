#!/bin/bash
# Brings this machine to the release in the given folder; what works goes on working until the new one has proved itself.
# shellcheck disable=SC2031 # the release is another one in subshells alone
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
# shellcheck source=templates/host/bridges.sh
. "$incoming/scripts/bridges.sh"
# shellcheck source=templates/host/packages.sh
. "$incoming/scripts/packages.sh"
# shellcheck source=templates/host/host.sh
. "$incoming/scripts/host.sh"
# shellcheck source=templates/host/images.sh
. "$incoming/scripts/images.sh"
# shellcheck source=templates/host/proxy.sh
. "$incoming/scripts/proxy.sh"
# shellcheck source=templates/host/services.sh
. "$incoming/scripts/services.sh"
# shellcheck source=templates/host/processes.sh
. "$incoming/scripts/processes.sh"
# shellcheck source=templates/host/nginx.sh
. "$incoming/scripts/nginx.sh"
# shellcheck source=templates/host/certificates.sh
. "$incoming/scripts/certificates.sh"
# shellcheck source=templates/host/switch.sh
. "$incoming/scripts/switch.sh"
# shellcheck source=templates/host/history.sh
. "$incoming/scripts/history.sh"
# shellcheck source=templates/host/back.sh
. "$incoming/scripts/back.sh"
# shellcheck source=templates/host/verify.sh
. "$incoming/scripts/verify.sh"

main() {
  open_log
  read_live
  note_former
  forget_begun
  if in_place; then
    rm -rf "$incoming" "$begun"
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
  step "plan" plan_services
  step "services' configuration" validate_services
  step "edge" ensure_edge
  step "new containers" start_services
  step "base" ensure_base
  certificates_asked_at=$EPOCHSECONDS
  step "switch" switch_over
  # No way back from here
  trap 'stay $?' EXIT
  rm -rf "$backup" "$begun"
  end_trial
  step "certificates" await_certificates
  step "drain" stop_former
  step "finish" finish_release
  trap - EXIT
  report "release $RELEASE is live"
}

main
