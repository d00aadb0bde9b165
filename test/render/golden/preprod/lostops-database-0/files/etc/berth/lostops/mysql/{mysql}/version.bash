#!/bin/bash
# Refuses data of another series of MySQL, which this server can't read or would change for good: before a release changes
# anything, and at each start. Data without a note are of 8.0, which was the only one while none was written.
set -euo pipefail
of_data=$(cat /var/lib/mysql/berth.series 2>/dev/null || echo 8.0)
if [[ -d /var/lib/mysql/mysql && $of_data != "$MYSQL_SERIES" ]]; then
  echo "error: the data on this disk are of MySQL $of_data, and a server of $MYSQL_SERIES must not start on them: nothing was changed. Stay with the former version, or take the way of docs/deploying.md, 'A new major version of a database'" >&2
  exit 1
fi
