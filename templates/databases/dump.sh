#!/bin/bash
# Writes a consistent dump of the database to the stream, which it closes after a mark that it was all
set -euo pipefail
# shellcheck source=/dev/null
. /etc/berth/server.sh

if [[ ${SHUT_OUT:-} == yes ]]; then
  echo "the application's user $DATABASE_USER is shut out of the database until the restore has ended"
  trap let_in EXIT
  shut_out
fi
exec 3>/scratch/stream
dump >&3 || fail 'the dump of the database broke off'
: >/scratch/whole
exec 3>&-
if [[ ${SHUT_OUT:-} == yes ]]; then
  # Where it is not taken, this one is stopped, and the application's user is let in again
  trap 'exit 143' TERM
  until [[ -e /scratch/taken ]]; do sleep 0.2; done
  trap - EXIT
fi
