#!/bin/sh
# Refuses data that a later series of Redis has written, whose format this server may not know: before a release changes
# anything, and at each start. A file of data says which version has written it. Until a new version has rewritten its file,
# the former one can take the data back.
set -eu
series() { sed -n 's/^\([0-9]*\.[0-9]*\)\..*/\1/p'; }
own=$(redis-server --version | sed -n 's/.* v=\([0-9.]*\) .*/\1/p' | series)
for file in /data/appendonlydir/*.base.rdb; do
  [ -e "$file" ] || continue
  of_data=$(head -c 100 "$file" | LC_ALL=C tr -c '0-9a-z.-' '\n' | sed -n '/^redis-ver$/{n;p;}' | series)
  later=$(printf '%s\n' "$own" "${of_data:-$own}" | sort -t . -k 1,1n -k 2,2n | tail -n 1)
  if [ "$later" != "$own" ]; then
    echo "error: the data on this disk are of Redis $of_data, which $own may not read: nothing was changed. Stay with the version that wrote them, or a later one" >&2
    exit 1
  fi
done
