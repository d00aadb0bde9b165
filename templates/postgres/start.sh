#!/bin/bash
# Starts the server. Data, users and their rights are made where they are missing; passwords, certificate and settings are the
# release's at each start.
set -euo pipefail
# shellcheck source=/dev/null
. /etc/berth/memory.sh

data=/var/lib/postgresql/data
export PGDATA=$data/server

main() {
  bash /etc/berth/version.sh
  # The server inherits the lock. Where it was killed, the number that it left may be another program's in this container
  exec 9>"$data/lock"
  flock --nonblock 9 || fail 'another server runs on these data'
  rm -f "$PGDATA/postmaster.pid"
  [[ -e $PGDATA/PG_VERSION ]] || make_data
  local files=(-c hba_file=/etc/berth/pg_hba.conf -c ident_file=/etc/berth/pg_ident.conf)
  bring_users
  local mb
  mb=$(memory_mb)
  exec postgres "${files[@]}" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql \
    -c ssl=on -c ssl_cert_file="$CERTIFICATE" -c ssl_key_file="$CERTIFICATE_KEY" \
    -c shared_buffers="$((mb / 4))MB" -c effective_cache_size="$((mb * 5 / 8))MB" \
    -c work_mem="$((mb / 400 > 4 ? mb / 400 : 4))MB" \
    -c maintenance_work_mem="$((mb / 16 < 1024 ? mb / 16 : 1024))MB" \
    -c dynamic_shared_memory_type=sysv
}

# Whole or not at all. The order of texts is the server's own, since that of the system changes with its image
make_data() {
  rm -rf "$PGDATA.new"
  initdb --pgdata "$PGDATA.new" --username postgres --auth peer --data-checksums \
    --encoding UTF8 --locale C.UTF-8 --locale-provider builtin --builtin-locale C.UTF-8 >/dev/null
  mv "$PGDATA.new" "$PGDATA"
}

# By a server that nobody else finds
bring_users() {
  pg_ctl --options "${files[*]} -c listen_addresses='' -c unix_socket_directories=/tmp" \
    --wait --timeout 3600 --silent --log /tmp/first.log start || fail "the server can't start: $(tail -n 5 /tmp/first.log)"
  psql --host /tmp --username postgres --no-psqlrc --file /etc/berth/users.sql postgres
  pg_ctl --wait --timeout 3600 --mode fast --silent stop
}

fail() {
  echo "error: $1" >&2
  exit 1
}

main
