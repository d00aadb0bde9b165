#!/bin/bash
# After a release that was killed, whose own way back had no chance: the same, from the note that it left.
# shellcheck disable=SC2154 # variables are shared by the parts of converge.sh
set -uo pipefail
incoming=$1
# shellcheck source=/dev/null
. "$incoming/release.env"
for part in lib trial host services processes nginx certificates switch history back; do
  # shellcheck source=/dev/null
  . "$incoming/scripts/$part.sh"
done

open_log
read_live
forget_begun
put_back edge
put_back base
say_what_serves
rm -f "$step_log"
