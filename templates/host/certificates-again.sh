#!/bin/bash
# Run by a timer: asks once more for certificates that the edge lacks, no oftener than an authority bears failed tries.
# shellcheck disable=SC2034 # read by the parts of converge.sh
set -uo pipefail
SYSTEM=$1
incoming=/var/lib/berth/$SYSTEM/current
# Before the first release has ended there is nothing to ask for
[[ -f $incoming/release.env ]] || exit 0
# shellcheck source=/dev/null
. "$incoming/release.env"
for part in lib services processes nginx certificates verify; do
  # shellcheck source=/dev/null
  . "$incoming/scripts/$part.sh"
done
lacking=$(certificate_differences)
[[ -n $lacking ]] || exit 0
echo "asking again: $lacking"
ask_for_certificates
