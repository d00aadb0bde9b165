#!/bin/bash
# Runs the release that was unpacked in the given folder.
set -euo pipefail
command -v python3 >/dev/null || { echo "error: python3 is missing on this machine: apt-get install python3" >&2; exit 1; }
# Nothing of the machine's own Python settings or packages, and no compiled files left in a folder that goes
exec python3 -I -B "$1/engine" start "$1"
