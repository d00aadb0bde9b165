# shellcheck shell=bash disable=SC2034
# Read by the scripts beside it, which don't know whose server it is: the administrator at the server's socket, whose password
# no process list shows

socket_folder=/var/run/mysqld
export MYSQL_PWD=$ROOT_PASSWORD
at_server=(--socket="$socket_folder/mysqld.sock" --user=root)
sql() { mysql "${at_server[@]}" --batch --skip-column-names "$@"; }

fail() {
  echo "error: $1" >&2
  exit 1
}

# The application's user can't log in, and is logged out
shut_out() {
  sql --execute "ALTER USER '$DATABASE_USER'@'%' ACCOUNT LOCK"
  sql --execute "SELECT CONCAT('KILL ', id, ';') FROM information_schema.processlist WHERE user = '$DATABASE_USER'" | sql --force 2>/dev/null || true
}

let_in() { sql --execute "ALTER USER '$DATABASE_USER'@'%' ACCOUNT UNLOCK"; }

dump() {
  local how=(--single-transaction --quick --routines --triggers --events --hex-blob --no-tablespaces --skip-dump-date --default-character-set=utf8mb4)
  mysqldump "${at_server[@]}" "${how[@]}" "$DATABASE" | LC_ALL=C awk -f /etc/berth/rows.awk
}

load() { sql --init-command='SET SESSION sql_log_bin = 0' "$1"; }

like_live() { sql --execute "SELECT CONCAT('CHARACTER SET ', default_character_set_name, ' COLLATE ', default_collation_name) FROM information_schema.schemata WHERE schema_name = '$DATABASE'"; }

make() { sql --execute "CREATE DATABASE \`$1\` ${2-$(like_live)}"; }

drop() { sql --execute "DROP DATABASE IF EXISTS \`$1\`"; }

replace() {
  local like
  like=$(like_live)
  drop "$1" && make "$1" "$like"
}

needed_mb() { sql --execute "SELECT CEIL(COALESCE(SUM(data_length + index_length), 0) / 1024 / 1024 * 1.3) + 64 FROM information_schema.tables WHERE table_schema = '$DATABASE'"; }

rows_of() { sql --execute "SELECT COUNT(*) FROM \`$2\`" "$1"; }

tables_of() { sql --execute "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = '$1' AND table_type = 'BASE TABLE'"; }
