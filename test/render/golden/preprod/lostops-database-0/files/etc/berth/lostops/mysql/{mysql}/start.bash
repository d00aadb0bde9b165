#!/bin/bash
# Starts the server, whose users then have the passwords and rights that the release says: those of a database that is there
# are brought to them at each start, by a file in memory that the server reads as its first. An empty disk is the image's
# own to fill; the exporter's user comes to it by a script of the first start.
set -euo pipefail
bash /docker-entrypoint-initdb.d/version.bash
# shellcheck source=/dev/null
. /docker-entrypoint-initdb.d/memory.bash
# Less than half: connections, sorts and the tables of figures need memory, too
set -- "$@" "--innodb-buffer-pool-size=$(($(memory_mb) * 45 / 100))M"

quoted() {
  local text=${1//\\/\\\\}
  printf "'%s'" "${text//\'/\'\'}"
}

if [[ -d /var/lib/mysql/mysql ]]; then
  users=/tmp/users.sql
  (umask 077 && : >"$users")
  cat >"$users" <<SQL
ALTER USER 'root'@'localhost' IDENTIFIED BY $(quoted "$MYSQL_ROOT_PASSWORD");
CREATE DATABASE IF NOT EXISTS \`$MYSQL_DATABASE\`;
CREATE USER IF NOT EXISTS '$MYSQL_USER'@'%' IDENTIFIED BY $(quoted "$MYSQL_PASSWORD");
ALTER USER '$MYSQL_USER'@'%' IDENTIFIED BY $(quoted "$MYSQL_PASSWORD");
GRANT ALL ON \`$MYSQL_DATABASE\`.* TO '$MYSQL_USER'@'%';
CREATE USER IF NOT EXISTS 'exporter'@'%' IDENTIFIED BY $(quoted "$EXPORTER_PASSWORD");
ALTER USER 'exporter'@'%' IDENTIFIED BY $(quoted "$EXPORTER_PASSWORD") WITH MAX_USER_CONNECTIONS 3;
GRANT PROCESS, REPLICATION CLIENT ON *.* TO 'exporter'@'%';
GRANT SELECT ON performance_schema.* TO 'exporter'@'%';
SQL
  set -- "$@" "--init-file=$users"
fi
exec docker-entrypoint.sh "$@"
