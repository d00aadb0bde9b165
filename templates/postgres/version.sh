#!/bin/bash
# Refuses data of another major version, which this server can't read: before a release changes anything, and at each start
set -euo pipefail
file=/var/lib/postgresql/data/server/PG_VERSION
[[ $(postgres --version) =~ \)\ ([0-9]+) ]]
if [[ -s $file && $(<"$file") != "${BASH_REMATCH[1]}" ]]; then
  echo "error: the data on this disk are of PostgreSQL $(<"$file"), and ${BASH_REMATCH[1]} can't read them: nothing was changed. Stay with the former version, or take the way of docs/deploying.md, 'A new major version of a database'" >&2
  exit 1
fi
