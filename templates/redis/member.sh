#!/bin/sh
# Starts Redis as the master, or as a replica of the machine that is. If that changes meanwhile, a Sentinel tells it so. Its
# arguments are words of redis-cli.
set -eu
umask 077
master=$(sh /etc/berth/master.sh "$@")
{
  echo "replica-announce-ip $OWN"
  [ -z "${REDISCLI_AUTH:-}" ] || printf 'masterauth "%s"\n' "$(printf %s "$REDISCLI_AUTH" | sed 's/[\\"]/\\&/g')"
  [ "$master" = "$OWN" ] || echo "replicaof $master 6379"
} >/tmp/member.conf
exec sh /etc/berth/start.sh
