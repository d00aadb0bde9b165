#!/bin/bash
# Checks an existing machine for docker networks that overlap with addresses it must reach. berth does not change docker's
# settings there; they belong to the machine's owner.
# shellcheck disable=SC2154 # variables are those of adopt.sh
# If a docker network overlaps with an operator's or another machine's address, requests arrive, but the answers are
# routed to the docker network
check_networks() {
  local name network other before=$problems
  has_docker || grep -qx docker.io "$folder/packages" || return 0
  while read -r network name; do
    for other in $OTHERS; do
      ! overlap "$network" "$other" || bad "$name ($network) overlaps $other, which must reach this machine or answer it"
    done
  done < <(docker_networks)
  while read -r network; do
    for other in $OTHERS; do
      ! overlap "$network" "$other" || has_route "$other" || bad "docker may use $network for new networks; it overlaps $other, which must reach this machine or answer it"
    done
  done < <(unset_pools)
  if ((problems == before)); then good "docker's networks overlap with no address that must reach this machine"; return 0; fi
  say "           add to /etc/docker/daemon.json: ${DOCKER_NETWORKS:1:-1}"
  say "           then: systemctl restart docker, if it is installed; and docker network rm each network that is named above, which its owner recreates"
}

has_docker() { command -v docker >/dev/null; }

# shellcheck disable=SC2016 # the template is docker's own
docker_networks() {
  ! has_docker || docker network ls --quiet | xargs --no-run-if-empty docker network inspect \
    --format '{{$name := .Name}}{{range .IPAM.Config}}{{println .Subnet "docker network" $name}}{{end}}' | grep -E '^[0-9.]+/'
}

# Docker's default address pools, unless daemon.json sets others. It uses 192.168.0.0/16 only when all of these are in use
unset_pools() {
  grep -qs default-address-pools /etc/docker/daemon.json || printf '%s\n' 172.17.0.0/16 172.18.0.0/15 172.20.0.0/14 172.24.0.0/13
}

# Docker does not use a pool that a route of the machine covers
has_route() { ip -4 route show match "$1" | grep -qv ^default; }

# Whether two IPv4 networks or addresses overlap; /0, any address, overlaps with nothing
overlap() {
  local one other length
  one=${1#*/} other=32
  [[ $2 != */* ]] || other=${2#*/}
  length=$((one < other ? one : other))
  ((length > 0 && $(number "${1%/*}") >> (32 - length) == $(number "${2%/*}") >> (32 - length)))
}

number() {
  local octets
  IFS=. read -ra octets <<<"$1"
  echo $(((octets[0] << 24) + (octets[1] << 16) + (octets[2] << 8) + octets[3]))
}
