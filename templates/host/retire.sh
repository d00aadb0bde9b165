#!/bin/bash
# Takes what berth brought from a machine that others use too; run it when the machine has left its stack. Data,
# certificates and logs stay, and so do packages and images, which others may use by now.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../release.env"
# shellcheck source=templates/host/packages.sh
. "$(dirname "$0")/packages.sh"
state=/var/lib/berth/$SYSTEM
say() { printf '%s\n' "$*"; }

if command -v docker >/dev/null; then
  docker ps --all --quiet --filter "label=berth.system=$SYSTEM" | xargs --no-run-if-empty docker rm --force
  docker network prune --force --filter "label=berth.system=$SYSTEM"
  release_engine
fi
if command -v supervisorctl >/dev/null; then
  rm -f /etc/supervisor/conf.d/berth-*.conf
  supervisorctl update
  rm -rf /run/berth-files
fi
systemctl disable --now berth-firewall.service
systemctl disable berth-bridges.service
systemctl disable --now "berth-certificate-$SYSTEM.timer" 2>/dev/null || true
nft delete table inet berth 2>/dev/null || true

xargs -d '\n' -a "$state/current/paths" rm -f
rm -f "/etc/nginx/conf.d/berth-$SYSTEM.conf"
rm -rf /etc/berth/bridges.nft.conf "/etc/berth/$SYSTEM" "/srv/berth/$SYSTEM" /var/lib/berth/firewall-proven "$state/releases" "$state/current" "$state/edge" "$state/backup" "$state/history.tsv" "$state/pulled-images" "$state/begun" "$state/edge.yaml"
systemctl daemon-reload
! systemctl is-active --quiet nginx.service || systemctl reload nginx.service
echo "$SYSTEM has left this machine. What stays: $state and /var/log/berth/$SYSTEM with its data and logs, packages, images"
