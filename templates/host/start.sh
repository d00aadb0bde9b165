#!/bin/bash
# Runs the release in the given folder as a transient unit: it outlives its connection, and its name is the lock.
set -euo pipefail
folder=$1
unit=berth-converge.service
deadline=$((SECONDS + 900))

while state=$(systemctl show --property ActiveState --value "$unit") && [[ $state != inactive && $state != failed ]]; do
  if ((SECONDS > deadline)); then
    echo "another release still runs on this machine after 15 minutes: see journalctl -u $unit" >&2
    rm -rf "$folder"
    exit 75
  fi
  sleep 0.5
done
systemctl reset-failed "$unit" 2>/dev/null || true

exec systemd-run --quiet --unit="$unit" --pipe --wait --collect \
  --property=RuntimeMaxSec=3600 --property=KillMode=mixed --setenv=LC_ALL=C.UTF-8 \
  bash "$folder/scripts/converge.sh" "$folder" </dev/null
