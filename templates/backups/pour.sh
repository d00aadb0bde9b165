#!/bin/sh
# Writes a snapshot, by default the newest, to the stream, which it closes after a mark that it was all
set -u
# shellcheck source=/dev/null
. /etc/berth/repository.sh

need_repository
if [ "${CHECK:-}" = yes ]; then
  repository check --quiet --retry-lock 10m || fail 'the repository has damage, as said above'
fi
exec 3>/scratch/stream
of_data dump --no-lock "${SNAPSHOT:-latest}" "/$NAME" >&3 || fail 'the snapshot could not be read to its end'
: >/scratch/whole
exec 3>&-
# Restored over what was live: what is on this disk now is what is to be kept
[ "${OVER:-}" != yes ] || note_repository
