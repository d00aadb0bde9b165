#!/bin/sh
# Prints the address of the master: that which a Sentinel on one of the machines names, or the first machine where none
# answers, as before the first start. Its arguments are words of redis-cli.
set -eu
for _ in 1 2 3; do
  for member in $MEMBERS; do
    master=$(timeout 1 redis-cli "$@" -h "$member" -p 26379 --raw sentinel get-master-addr-by-name main 2>/dev/null | head -n 1) || true
    case "$master" in *.*.*.*) echo "$master" && exit ;; esac
  done
  sleep 1
done
echo "${MEMBERS%% *}"
