# shellcheck shell=bash disable=SC2034
# Read by the scripts beside it: the administrator at the server's socket, whose password no process list shows

export MYSQL_PWD=$ROOT_PASSWORD
at_server=(--socket=/var/run/mysqld/mysqld.sock --user=root)
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
