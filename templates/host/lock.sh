#!/bin/bash
# One thing at a time changes a machine, as a transient unit: it outlives its connection, and its name is the lock.
unit=berth-converge.service
patience_seconds=900

# Waits for what is under way; of those that wait, one looks at the unit
take_lock() {
  local state
  exec 9>/run/berth-converge.lock
  flock --wait "$patience_seconds" 9 || return 1
  while state=$(systemctl show --property ActiveState --value "$unit") && [[ $state != inactive && $state != failed ]]; do
    ((SECONDS < patience_seconds)) || return 1
    sleep 0.5
  done
  [[ $state != failed ]] || systemctl reset-failed "$unit" 2>/dev/null || true
}

run_locked() {
  systemd-run --quiet --unit="$unit" --pipe --wait --collect \
    --property=RuntimeMaxSec=3600 --property=KillMode=mixed --setenv=LC_ALL=C.UTF-8 \
    bash "$@" </dev/null
}
