#!/bin/bash
# What this machine has otherwise than its release, told line by line. `berth status --check` sends it with the parts of
# converge.sh that it shares, and runs it from its standard input: it only reads, and leaves nothing behind.
# shellcheck disable=SC2034,SC2154 # variables are shared by the parts of converge.sh
set -u
SYSTEM=$1
incoming=/var/lib/berth/$SYSTEM/current
if [[ ! -f $incoming/release.env ]]; then
  printf 'release\t%s\thas no release\nend\n' "$incoming"
  exit 0
fi
# shellcheck source=/dev/null
. "$incoming/release.env"

main() {
  # What stands half way says nothing
  if systemctl is-active --quiet berth-converge.service; then
    echo "a release runs on it at this moment: check it again afterwards" >&2
    exit 75
  fi
  read_live
  printf 'version\t%s\t%s\n' "$RELEASE" "$VERSION"
  differences
  echo end
}
