# shellcheck shell=bash disable=SC2034
# Read by the scripts beside it, which don't know whose server it is: the administrator at the server's socket, who is known
# there by his user and needs no password

socket_folder=/var/run/postgresql
at_server=(--host="$socket_folder" --username=postgres)
sql() { psql "${at_server[@]}" --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 "$@"; }

fail() {
  echo "error: $1" >&2
  exit 1
}

# The application's user can't log in, and is logged out
shut_out() {
  sql --command "ALTER ROLE \"$DATABASE_USER\" NOLOGIN"
  sql --output=/dev/null --command "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '$DATABASE_USER'"
}

let_in() { sql --command "ALTER ROLE \"$DATABASE_USER\" LOGIN"; }

dump() { pg_dump "${at_server[@]}" "$DATABASE" | LC_ALL=C awk -f /etc/berth/rows.awk; }

# What the server plans with is counted anew, too: without it the first queries are slow ones
load() { sql --output=/dev/null --dbname="$1" && sql --dbname="$1" --command ANALYZE; }

make() {
  sql --command "CREATE DATABASE \"$1\" OWNER \"$DATABASE_USER\" TEMPLATE template0" --command "REVOKE ALL ON DATABASE \"$1\" FROM PUBLIC"
}

drop() { sql --command 'SET client_min_messages = error' --command "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)"; }

replace() { drop "$1" && make "$1"; }

needed_mb() { sql --command "SELECT CEIL(pg_database_size('$DATABASE') / 1024.0 / 1024 * 1.3) + 64"; }

rows_of() { sql --dbname="$1" --command "SELECT COUNT(*) FROM ONLY $2"; }

# As pg_dump counts them: not those of the server itself and of extensions
tables_of() {
  sql --dbname="$1" --command "SELECT COUNT(*) FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')"
}
