#!/usr/bin/env bash
# As the production image: flags alone go to the server, another word is a program of its own. An empty data folder is
# made by the variables, then by the scripts of /docker-entrypoint-initdb.d, with a server that has no network.
set -euo pipefail

data=/var/lib/mysql
socket=/tmp/first-start.sock

main() {
  [[ ${1:-} != -* ]] || set -- mysqld "$@"
  [[ ${1:-} == mysqld ]] || exec "$@"
  shift
  local option options=()
  # What only MySQL knows
  for option in "$@"; do [[ $option == --mysqlx=* ]] || options+=("$option"); done
  [[ -d $data/mysql ]] || make_data
  exec mariadbd --datadir "$data" --bind-address '*' "${options[@]}"
}

make_data() {
  [[ -n ${MYSQL_ROOT_PASSWORD:-} ]] || fail 'MYSQL_ROOT_PASSWORD is empty: the root user would have no password'
  local script server
  mariadb-install-db --datadir "$data" --auth-root-authentication-method=normal --skip-test-db >/dev/null
  mariadbd --datadir "$data" --skip-networking --socket "$socket" --pid-file /tmp/first-start.pid &
  server=$!
  until mariadb-admin --socket "$socket" ping >/dev/null 2>&1; do
    kill -0 "$server" || fail 'the server of the first start has ended'
    sleep 0.2
  done
  make_users
  for script in /docker-entrypoint-initdb.d/*.sh; do
    # shellcheck source=/dev/null
    [[ ! -f $script ]] || . "$script"
  done
  MYSQL_PWD=$MYSQL_ROOT_PASSWORD mariadb-admin --socket "$socket" --user root shutdown
  wait "$server"
}

make_users() {
  local root_host=${MYSQL_ROOT_HOST:-%}
  {
    if [[ -n ${MYSQL_DATABASE:-} ]]; then echo "CREATE DATABASE \`$MYSQL_DATABASE\`;"; fi
    if [[ -n ${MYSQL_USER:-} ]]; then
      echo "CREATE USER '$MYSQL_USER'@'%' IDENTIFIED BY '$MYSQL_PASSWORD';"
      echo "GRANT ALL ON \`${MYSQL_DATABASE:-%}\`.* TO '$MYSQL_USER'@'%';"
    fi
    if [[ $root_host != localhost ]]; then
      echo "CREATE USER 'root'@'$root_host' IDENTIFIED BY '$MYSQL_ROOT_PASSWORD';"
      echo "GRANT ALL ON *.* TO 'root'@'$root_host' WITH GRANT OPTION;"
    fi
    echo "ALTER USER 'root'@'localhost' IDENTIFIED BY '$MYSQL_ROOT_PASSWORD';"
  } | mariadb --socket "$socket" --user root
}

# What scripts of the first start may use: SQL from standard input, as root
docker_process_sql() { MYSQL_PWD=$MYSQL_ROOT_PASSWORD mariadb --socket "$socket" --user root "$@"; }

fail() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

main "$@"
