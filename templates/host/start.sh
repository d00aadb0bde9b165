#!/bin/bash
# Runs the release that was unpacked in the given folder.
set -euo pipefail
command -v python3 >/dev/null || { echo "error: python3 is missing on this machine: apt-get install python3" >&2; exit 1; }
# An engine that is the same, file by file, as that of a live release takes over what Python compiled of it
for live in /var/lib/berth/*/current/engine; do
  if [[ -d $live/__pycache__ ]] && diff --recursive --brief --exclude=__pycache__ "$live" "$1/engine" >/dev/null 2>&1; then
    cp --recursive "$live/__pycache__" "$1/engine/"
    break
  fi
done
# Nothing of the machine's own Python settings or packages
exec python3 -I -S "$1/engine" start "$1"
