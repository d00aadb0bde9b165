#!/bin/sh
# Waits until each host:port takes a connection; after half a minute the program itself says what is wrong
for target; do
  left=30
  until nc -z -w 2 "${target%:*}" "${target##*:}" 2>/dev/null || [ "$left" -eq 0 ]; do
    left=$((left - 1))
    sleep 1
  done
done
