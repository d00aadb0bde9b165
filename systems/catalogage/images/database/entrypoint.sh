#!/bin/bash
# A new database each time, then the server in the foreground.
set -euo pipefail
data=/tmp/data
initdb --pgdata "$data" --auth-local trust --auth-host scram-sha-256 >/dev/null
echo 'host all all all scram-sha-256' >>"$data/pg_hba.conf"
pg_ctl --pgdata "$data" --options "-c listen_addresses='' -k /tmp" --wait start >/dev/null
psql --host /tmp --quiet --variable ON_ERROR_STOP=1 --variable password="$POSTGRES_PASSWORD" postgres <<'SQL'
CREATE ROLE catalogage LOGIN PASSWORD :'password';
CREATE DATABASE catalogage OWNER catalogage;
SQL
pg_ctl --pgdata "$data" --wait stop >/dev/null
exec postgres -D "$data" -c listen_addresses='*' -k /tmp
