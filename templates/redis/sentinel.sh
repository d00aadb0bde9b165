#!/bin/sh
# Starts Sentinel. In its file it keeps what it has learned: its own name, who the master is, the others and how often the
# master has changed; all else is of this release. Its arguments are words of redis-cli.
set -eu
umask 077
file=/data/sentinel.conf
kept() { sed -n "/^sentinel \($1\) /p" "$file" 2>/dev/null || true; }
monitor=$(kept monitor)
[ -n "$monitor" ] || monitor="sentinel monitor main $(sh /etc/berth/master.sh "$@") 6379 2"
{
  cat /etc/berth/network.conf
  echo 'dir /tmp'
  echo 'protected-mode no'
  echo "sentinel announce-ip $OWN"
  kept myid
  echo "$monitor"
  echo 'sentinel down-after-milliseconds main 3000'
  echo 'sentinel failover-timeout main 10000'
  if [ -n "${REDISCLI_AUTH:-}" ]; then
    password=$(printf %s "$REDISCLI_AUTH" | sed 's/[\\"]/\\&/g')
    printf '%s "%s"\n' requirepass "$password" 'sentinel sentinel-pass' "$password" 'sentinel auth-pass main' "$password"
  fi
  kept 'config-epoch\|leader-epoch\|current-epoch\|known-replica\|known-sentinel'
} >"$file.next"
mv "$file.next" "$file"
exec redis-server "$file" --sentinel
