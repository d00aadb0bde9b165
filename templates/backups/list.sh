#!/bin/sh
set -u
# shellcheck source=/dev/null
. /etc/berth/repository.sh

find_repository
if [ -z "$id" ]; then
  echo '[]'
else
  repository snapshots --json --no-lock --host "$SYSTEM" --tag "$NAME" || fail "the repository can't be read, as said above"
fi
