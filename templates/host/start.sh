#!/bin/bash
# Runs the release in the given folder as a transient unit: it outlives its connection, and its name is the lock.
set -euo pipefail
folder=$1
unit=berth-converge.service
patience_seconds=900

busy() {
  echo "error: another release still runs on this machine after $patience_seconds s, this one was not begun: see sudo journalctl -u $unit" >&2
  rm -rf "$folder"
  exit 75
}

# shellcheck source=templates/host/trial.sh
. "$folder/scripts/trial.sh"
# This login is a new one
record_proof "$folder/files/etc/berth/firewall.nft.conf"

# Of those that wait, one looks at the unit
exec 9>/run/berth-converge.lock
flock --wait "$patience_seconds" 9 || busy
while state=$(systemctl show --property ActiveState --value "$unit") && [[ $state != inactive && $state != failed ]]; do
  ((SECONDS < patience_seconds)) || busy
  sleep 0.5
done
[[ $state != failed ]] || systemctl reset-failed "$unit" 2>/dev/null || true
# Where nobody listens any more this ends here: a later release may have come in the meantime
((SECONDS < 2)) || echo "the release before this one has ended after $SECONDS s" >&2

# shellcheck source=/dev/null
placed=$(. "$folder/release.env" && echo "/var/lib/berth/$SYSTEM/releases/$RELEASE")
# Logins at registries lie in memory alone
rm -rf /run/berth-logins
if [[ -f $folder/logins.tsv ]]; then
  install -d -m 0700 /run/berth-logins
  mv "$folder/logins.tsv" /run/berth-logins/
fi
code=0
systemd-run --quiet --unit="$unit" --pipe --wait --collect \
  --property=RuntimeMaxSec=3600 --property=KillMode=mixed --setenv=LC_ALL=C.UTF-8 \
  bash "$folder/scripts/converge.sh" "$folder" </dev/null || code=$?
if ((code == 255)); then
  echo "error: the release was killed before its end: run pulumi up again, and see sudo journalctl -u $unit" >&2
  # Where it has its place, unless it was killed before
  [[ ! -d $folder ]] || placed=$folder
  bash "$placed/scripts/put-back.sh" "$placed" </dev/null || true
fi
rm -rf "$folder" /run/berth-doing /run/berth-logins
exit "$code"
