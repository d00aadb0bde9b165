# shellcheck shell=bash disable=SC2016,SC2154 # the caller sets `bridge`, `card`, `way` and `known`, `place` the others
# Four networks: `outside` with two addresses of neighbours, `host`, `inside` with what a container listens at, and `other`,
# to which the host is the way. The host's card, and its way to the other network, are bridges where their names are others'
# than the cables'.
place() {
  unshare --net sleep 300 &
  declare -g "$1=$!"
  until [[ $(readlink "/proc/$!/ns/net") != $(readlink /proc/self/ns/net) ]]; do sleep 0.05; done
  in_place "$!" ip link set lo up
}
in_place() { nsenter --net --target "$@"; }
# Several at once: lines of a batch
addresses() { in_place "$1" ip -batch -; }
cable() { printf '%s\n' "link add $1 type veth peer name eth0 netns $2" "link set $1 up" | addresses "$host"; }
# A job by itself, which the end of the scene ends
listen() { nsenter --net --target "$1" python3 reach.py listen "${@:2}" < <(exec sleep 300 2>/dev/null) & }
# IPv6 looks for an address's double only once the cable has a carrier, which comes late on a busy computer: until then no
# route may name the address as its source
number() {
  local card=$2 address
  { for address in "${@:3}"; do
    [[ $address != *:* ]] || address+=' nodad'
    echo "address add $address dev $card"
  done; echo "link set $card up"; } | addresses "$1"
}
bridge_of() {
  [[ $1 != "$2" ]] || return 0
  in_place "$host" ip link add "$1" type bridge 2>/dev/null || true
  printf '%s\n' "link set $2 master $1" "link set $1 up" | addresses "$host"
}
# A machine as the look at it finds it: docker tells its networks' bridges, none for those that it named itself
look() {
  local docker_says=$1
  mkdir bin
  printf '#!/bin/sh\n' | tee bin/systemctl >bin/sleep
  printf '#!/bin/sh\ncase "$2" in ls) echo 0123456789ab ;; inspect) echo; echo "%s" ;; esac\n' "$docker_says" >bin/docker
  chmod +x bin/*
  PATH=$PWD/bin:$PATH in_place "$host" python3 -I -B -c 'import sys; sys.path.insert(0, "engine"); import bridges, machine, tell; bridges.look_at(machine.Machine("", tell.Teller([])))'
}

trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
place host; place outside; place inside; place other
cable eth0 "$outside"; cable inner "$inside"; cable beside "$other"
bridge_of "$card" eth0; bridge_of "$way" beside
number "$host" "$card" 192.0.2.1/24 fd00:2::1/64
in_place "$host" ip route add default via 192.0.2.20
[[ $known == later ]] || bridge_of "$bridge" inner
[[ $known == never ]] || look "$bridge"
bridge_of "$bridge" inner
in_place "$host" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
number "$host" "$bridge" 172.18.0.1/16 fd00:18::1/64
number "$host" "$way" 198.18.0.1/24
# Clouds answer there: AWS, OpenStack and Azure, and Azure's own host, which is its DNS server too
number "$outside" eth0 169.254.169.254/32 168.63.129.16/32 192.0.2.20/24 192.0.2.99/24 fd00:2::20/64 fd00:2::99/64
printf 'route add %s\n' "169.254.169.254 dev $card" "168.63.129.16 dev $card" | addresses "$host"
number "$inside" eth0 172.18.0.2/16 fd00:18::2/64
number "$other" eth0 198.18.0.2/24
printf 'route add default via %s\n' 172.18.0.1 fd00:18::1 | addresses "$inside"
in_place "$other" ip route add default via 198.18.0.1

# As docker publishes
in_place "$host" nft -f - <<RULES
table ip nat {
  chain prerouting {
    type nat hook prerouting priority dstnat;
    fib daddr type local tcp dport { 3306, 8080, 8081 } dnat to 172.18.0.2
  }
}
RULES
in_place "$host" nft -f firewall.nft.conf
listen "$inside" 3306 8080 8081 5000
listen "$outside" 7000 53
listen "$other" 7000
listen "$host" 6000
for who in inside outside other host; do
  until [[ -n $(in_place "${!who}" ss -Hltn) ]]; do sleep 0.05; done
done

# A neighbour is an address of its own: the routes choose which one asks
asked_from() {
  local name=$1 own=$2 targets=() family port
  printf 'route replace %s\n' "172.18.0.0/16 via 192.0.2.1 src 192.0.2.$own" "198.18.0.0/24 via 192.0.2.1 src 192.0.2.$own" \
    "192.0.2.1/32 dev eth0 src 192.0.2.$own" "fd00:18::/64 via fd00:2::1 src fd00:2::$own" | addresses "$outside"
  for family in IPv4=172.18.0.2 IPv6=fd00:18::2; do
    for port in 3306 8080 5000; do targets+=("$name reaches a container over ${family%=*} at $port=${family#*=}=$port"); done
  done
  in_place "$outside" python3 reach.py try "${targets[@]}" \
    "$name reaches the published port with a rule=192.0.2.1=3306" \
    "$name reaches the published port that is kept open=192.0.2.1=8080" \
    "$name reaches the published port without a rule=192.0.2.1=8081" \
    "$name reaches a program of the machine=192.0.2.1=6000" "${@:3}"
}
clouds=("the metadata address=169.254.169.254=7000" "Azure's host=168.63.129.16=7000" "Azure's DNS=168.63.129.16=53")
install -m 0644 reach.py /etc/berth/reach.py
{
  asked_from api 20
  asked_from 'a stranger' 99 "a stranger reaches another network=198.18.0.2=7000"
  in_place "$inside" python3 reach.py try "a container reaches the outside=192.0.2.20=7000" \
    "a container reaches a program of the machine=172.18.0.1=6000" "${clouds[@]/#/a container reaches }"
  in_place "$host" setpriv --reuid 10080 --clear-groups python3 /etc/berth/reach.py try "${clouds[@]/#/a user reaches }"
  in_place "$host" python3 reach.py try "${clouds[@]/#/root reaches }"
} | LC_ALL=C sort
