#!/bin/bash
# Which bridges of an adopted machine are docker's networks, and which somebody else's, as the rules of its firewall need to
# know. Names don't tell: a network of docker's may have any, and the machine's own network card may be part of a bridge.
# Looked at before the rules are first loaded, by each release, and whenever docker starts
bridges_file=/etc/berth/bridges.nft.conf

look_at_bridges() {
  [[ ! -f $bridges_file || $(bridges_text) != "$(<"$bridges_file")" ]] || return 0
  # Docker makes a network's bridge first, and tells of it a moment later
  sleep 1
  install -d -m 0755 "${bridges_file%/*}"
  bridges_text >"${bridges_file%/*}/.bridges.new"
  mv -T "${bridges_file%/*}/.bridges.new" "$bridges_file"
}

bridges_text() {
  local dockers
  dockers=$(docker_bridges)
  echo "# Bridges of this machine when berth looked last: docker's networks with names of their own, and those of others"
  elements containers < <(bridges | grep -xF -- "$dockers")
  elements others < <(bridges | grep -vxF -- "$dockers")
}

elements() {
  local names
  names=$(sed 's/.*/"&"/' | paste -sd ',')
  [[ -z $names ]] || echo "add element inet berth $1 { $names }"
}

# Others' bridges that the rules take for docker's by their names
mistaken_bridges() { bridges | grep '^br-' | grep -vxF -- "$(docker_bridges)" | grep -vxF -- "$(bridges_in_file others)" || true; }

# But for those that docker named itself: they come and go with what others run, and the rules know them by their names
bridges() { ip -brief link show type bridge | awk '$1 ~ /^[A-Za-z0-9_.-]+$/ { print $1 }' | grep -vxE 'docker0|br-[0-9a-f]{12}' | sort; }

# A network of docker's may be a bridge that others made, by which the machine itself is reached: not containers alone call there
leads_outside() {
  local ports containers
  ports=$(ip -oneline link show master "$1" | wc -l)
  containers=$(ip -oneline link show master "$1" type veth | wc -l)
  ((ports > containers)) || { ip route show dev "$1"; ip -6 route show dev "$1"; } | grep ' via ' >/dev/null
}

# An engine that does not run is not asked, since that would start it: then its networks are those of the last look
docker_bridges() {
  local networks bridge
  if systemctl is-active --quiet docker.service && networks=$(docker network ls --quiet --filter driver=bridge); then
    # A network may go in between
    xargs --no-run-if-empty docker network inspect --format '{{index .Options "com.docker.network.bridge.name"}}' \
      <<<"$networks" 2>/dev/null | while read -r bridge; do [[ -z $bridge ]] || leads_outside "$bridge" || echo "$bridge"; done || true
  else
    bridges_in_file containers
  fi
}

bridges_in_file() { [[ ! -f $bridges_file ]] || sed -n "s/.* $1 { \(.*\) }/\1/p" "$bridges_file" | tr -d '"' | tr ',' '\n'; }
