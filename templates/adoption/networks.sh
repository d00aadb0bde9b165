#!/bin/bash
# Whether docker's networks on an adopted machine leave everybody else's alone: its settings are their owner's.
# shellcheck disable=SC2154 # variables are those of adopt.sh
# A network of docker's over the operators' or a peer's: what they ask arrives, and the answer never leaves the machine
check_networks() {
  local name network other before=$problems
  has_docker || grep -qx docker.io "$folder/packages" || return 0
  while read -r network name; do
    for other in $OTHERS; do
      ! overlap "$network" "$other" || bad "$name ($network) lies over $other, which must reach this machine or answer it"
    done
  done < <(docker_networks)
  while read -r network; do
    for other in $OTHERS; do
      ! overlap "$network" "$other" || has_route "$other" || bad "docker may take $network for its next networks, and $other must reach this machine or answer it"
    done
  done < <(unset_pools)
  if ((problems == before)); then good "docker's networks lie over nobody who must reach this machine"; return 0; fi
  say "           /etc/docker/daemon.json needs, beside what is there: ${DOCKER_NETWORKS:1:-1}"
  say "           then: systemctl restart docker, where it is installed; and docker network rm what is named, for its owner to make anew"
}

has_docker() { command -v docker >/dev/null; }

# shellcheck disable=SC2016 # the template is docker's own
docker_networks() {
  ! has_docker || docker network ls --quiet | xargs --no-run-if-empty docker network inspect \
    --format '{{$name := .Name}}{{range .IPAM.Config}}{{println .Subnet "docker network" $name}}{{end}}' | grep -E '^[0-9.]+/'
}

# Docker's own, where nobody names others; 192.168.0.0/16 it takes only when all of these are taken
unset_pools() {
  grep -qs default-address-pools /etc/docker/daemon.json || printf '%s\n' 172.17.0.0/16 172.18.0.0/15 172.20.0.0/14 172.24.0.0/13
}

# Docker leaves out what a route of the machine leads to
has_route() { ip -4 route show match "$1" | grep -qv ^default; }

# Whether one of two IPv4 networks or addresses lies in the other; everything (/0) is nobody's place
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
