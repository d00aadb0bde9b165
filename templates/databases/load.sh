#!/bin/bash
# Loads a dump from the stream into a database beside the live one, or over it, and counts its tables and rows. What is
# beside the live one is gone again where that fails, or where it was only tried.
set -euo pipefail
# shellcheck source=/dev/null
. /etc/berth/server.sh

main() {
  [[ ${OVER:-} != yes ]] || INTO=$DATABASE
  case ${INTO:-} in
    *[!A-Za-z0-9_]* | '') fail "the name of a database has letters, digits and underscores: not ${INTO:-nothing}" ;;
  esac
  [[ $INTO != "$DATABASE" || ${OVER:-} == yes ]] || fail "$INTO is the live database: restore over it by --over, or into another"
  local first
  # A scratch database that a killed run has left
  [[ ${TRIED:-} != yes ]] || drop "$INTO"
  [[ ${OVER:-} == yes ]] || need_room
  # Nothing is dropped or made before the snapshot has begun to come
  exec 4</scratch/stream
  IFS= read -r first <&4 || fail 'the snapshot could not be read: nothing was changed'
  if [[ ${OVER:-} == yes ]]; then
    trap undo EXIT
    replace "$INTO"
  else
    make "$INTO" || fail "a database $INTO is there already, or can't be made: nothing was changed"
    trap undo EXIT
  fi
  { printf '%s\n' "$first" && cat <&4; } | LC_ALL=C awk -f /etc/berth/marks.awk | load "$INTO" ||
    fail "the dump could not be loaded into $INTO"
  [[ -e /scratch/whole && -e /scratch/rows ]] || fail 'the snapshot broke off before its end'
  count
  trap - EXIT
  if [[ ${OVER:-} == yes ]]; then
    let_in
    echo "database $INTO was restored: $counted"
  elif [[ ${TRIED:-} == yes ]]; then
    drop "$INTO"
    echo "berth_restore_test_last_success_timestamp_seconds{system=\"$SYSTEM\",name=\"$NAME\"} $(date +%s)" >/scratch/figures
    echo "the newest backup can be restored: $counted, as when it was taken"
  else
    echo "restored into database $INTO, beside the live $DATABASE: $counted"
  fi
}

undo() {
  if [[ ${OVER:-} == yes ]]; then
    echo "error: the database $INTO is not whole, and its user stays shut out: restore again. What was there before is the newest backup of kind before-restore" >&2
  else
    drop "$INTO" || true
  fi
}

# As much as the live one takes, at least, with room for the server's logs
need_room() {
  local needed free
  needed=$(needed_mb)
  # shellcheck disable=SC2154
  free=$(df --portability --block-size=1M "$socket_folder" | awk 'NR == 2 { print $4 }')
  ((free >= ${needed%.*})) || fail "the data disk has $free MB free, a second database needs ${needed%.*}: make room, or give the machine a bigger disk"
}

count() {
  local table rows found tables=0 all=0
  while IFS=$'\t' read -r rows table; do
    found=$(rows_of "$INTO" "$table") || fail "table $table was in the dump and is not in $INTO"
    [[ $found == "$rows" ]] || fail "table $table has $found rows, the dump had $rows"
    tables=$((tables + 1)) all=$((all + rows))
  done </scratch/rows
  found=$(tables_of "$INTO")
  [[ $found == "$tables" ]] || fail "$INTO has $found tables, the dump had $tables"
  counted="$tables tables with $all rows"
}

main
