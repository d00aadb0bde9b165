#!/bin/sh
# Takes what is written to the stream into the repository, then lets go of what is older than is kept. A stream that ends
# before its end makes no snapshot.
set -u
# shellcheck source=/dev/null
. /etc/berth/repository.sh

open_repository
write_repository backup --retry-lock 10m --host "$SYSTEM" --tag "$NAME,$KIND" --group-by host,tags \
  --stdin-filename "/$NAME" --stdin-from-command -- sh /etc/berth/stream.sh ||
  fail 'no snapshot was made; those of before are whole'
if [ "$KIND" = regular ]; then
  note_repository
  size=$(of_data snapshots --json --no-lock --latest 1 | sed -n 's/.*"total_bytes_processed":\([0-9]*\).*/\1/p')
  labels="{system=\"$SYSTEM\",name=\"$NAME\"}"
  {
    echo "berth_backup_last_success_timestamp_seconds$labels $(date +%s)"
    echo "berth_backup_size_bytes$labels ${size:-0}"
  } >/scratch/figures
  # shellcheck disable=SC2086
  of_data forget --quiet --prune --retry-lock 10m --group-by '' $KEEP ||
    fail 'the backup was taken, but what is older than is kept could not be let go, as said above'
else
  repository forget --quiet --prune --retry-lock 10m --group-by '' --host "$SYSTEM" --tag "$NAME,$KIND" --keep-within 1m ||
    fail 'the backup was taken, but what is older than is kept could not be let go, as said above'
  : >/scratch/taken
fi
