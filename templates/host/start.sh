#!/bin/bash
# Runs the release in the given folder, when nothing else changes this machine.
set -euo pipefail
folder=$1
# shellcheck source=templates/host/lock.sh
. "$folder/scripts/lock.sh"

busy() {
  echo "error: another release still runs on this machine after $patience_seconds s, this one was not begun: see sudo journalctl -u $unit" >&2
  rm -rf "$folder"
  exit 75
}

# shellcheck source=templates/host/trial.sh
. "$folder/scripts/trial.sh"
# This login is a new one
record_proof "$folder/files/etc/berth/firewall.nft.conf"

take_lock || busy
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
run_locked "$folder/scripts/converge.sh" "$folder" || code=$?
if ((code == 255)); then
  echo "error: the release was killed before its end: run pulumi up again, and see sudo journalctl -u $unit" >&2
  # Where it has its place, unless it was killed before
  [[ ! -d $folder ]] || placed=$folder
  bash "$placed/scripts/put-back.sh" "$placed" </dev/null || true
fi
rm -rf "$folder" /run/berth-doing /run/berth-logins
exit "$code"
