#!/bin/bash
# Brings the newer versions that Debian has of this machine's container engine, when nothing else changes the machine.
# `berth update` runs it from the release that is in place.
set -euo pipefail
folder=$(realpath "$(dirname "$0")/..")
# shellcheck source=templates/host/lock.sh
. "$folder/scripts/lock.sh"
take_lock || {
  echo "error: a release still runs on this machine after $patience_seconds s, nothing was updated: see sudo journalctl -u $unit" >&2
  exit 75
}
code=0
run_locked "$folder/scripts/engine.sh" "$folder" || code=$?
rm -f /run/berth-doing
((code != 255)) || echo "error: the update was killed before its end: run it again" >&2
exit "$code"
