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
  local like first
  like=$(sql --execute "SELECT CONCAT('CHARACTER SET ', default_character_set_name, ' COLLATE ', default_collation_name) FROM information_schema.schemata WHERE schema_name = '$DATABASE'")
  # A scratch database that a killed run has left
  [[ ${TRIED:-} != yes ]] || sql --execute "DROP DATABASE IF EXISTS \`$INTO\`"
  [[ ${OVER:-} == yes ]] || need_room
  # Nothing is dropped or made before the snapshot has begun to come
  exec 4</scratch/stream
  IFS= read -r first <&4 || fail 'the snapshot could not be read: nothing was changed'
  if [[ ${OVER:-} == yes ]]; then
    trap undo EXIT
    sql --execute "DROP DATABASE IF EXISTS \`$INTO\`; CREATE DATABASE \`$INTO\` $like"
  else
    sql --execute "CREATE DATABASE \`$INTO\` $like" || fail "a database $INTO is there already, or can't be made: nothing was changed"
    trap undo EXIT
  fi
  { printf '%s\n' "$first" && cat <&4; } | LC_ALL=C awk '/^-- berth rows / { print $4, $5 >"/scratch/rows" } { print }' |
    sql --init-command='SET SESSION sql_log_bin = 0' "$INTO" || fail "the dump could not be loaded into $INTO"
  [[ -e /scratch/whole && -e /scratch/rows ]] || fail 'the snapshot broke off before its end'
  count
  trap - EXIT
  if [[ ${OVER:-} == yes ]]; then
    let_in
    echo "database $INTO was restored: $counted"
  elif [[ ${TRIED:-} == yes ]]; then
    sql --execute "DROP DATABASE \`$INTO\`"
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
    sql --execute "DROP DATABASE IF EXISTS \`$INTO\`" || true
  fi
}

# As much as the live one takes, at least, with room for the server's logs
need_room() {
  local needed free
  needed=$(sql --execute "SELECT CEIL(COALESCE(SUM(data_length + index_length), 0) / 1024 / 1024 * 1.3) + 64 FROM information_schema.tables WHERE table_schema = '$DATABASE'")
  free=$(df --portability --block-size=1M /var/run/mysqld | awk 'NR == 2 { print $4 }')
  ((free >= ${needed%.*})) || fail "the data disk has $free MB free, a second database needs ${needed%.*}: make room, or give the machine a bigger disk"
}

count() {
  local table rows found tables=0 all=0
  while read -r table rows; do
    found=$(sql --execute "SELECT COUNT(*) FROM \`$table\`" "$INTO") || fail "table $table was in the dump and is not in $INTO"
    [[ $found == "$rows" ]] || fail "table $table has $found rows, the dump had $rows"
    tables=$((tables + 1)) all=$((all + rows))
  done </scratch/rows
  found=$(sql --execute "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = '$INTO' AND table_type = 'BASE TABLE'")
  [[ $found == "$tables" ]] || fail "$INTO has $found tables, the dump had $tables"
  counted="$tables tables with $all rows"
}

main
