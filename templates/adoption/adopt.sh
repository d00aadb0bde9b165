#!/bin/bash
# Checks whether an existing machine can take a release, and reports all problems at once. Without a problem it applies the
# new firewall rules on trial; the login of the release confirms them. With a problem it changes nothing.
set -euo pipefail
folder=$1
trap 'rm -rf "$folder"' EXIT
# shellcheck source=/dev/null
. "$folder/adoption.env"
# shellcheck source=templates/adoption/trial.sh
. "$folder/trial.sh"
# shellcheck source=templates/adoption/packages.sh
. "$folder/packages.sh"
# shellcheck source=templates/adoption/networks.sh
. "$folder/networks.sh"
rules=$folder/firewall.nft.conf
in_place=/etc/berth/firewall.nft.conf
problems=0

main() {
  say "checks of $MACHINE:"
  check_system
  check_tenants
  check_room
  check_clock
  check_packages
  check_engine
  check_networks
  check_ports
  ((problems == 0)) || { say "$problems of these checks failed: nothing was changed on $MACHINE"; exit 1; }
  ensure_nftables
  try_rules
  echo "$PRETTY_NAME, $(nproc) cpus, $(($(awk '/^MemTotal/ { print $2 }' /proc/meminfo) / 1024)) MB"
}

say() { printf '%s\n' "$*" >&2; }
good() { say "  ok       $*"; }
note() { say "  note     $*"; }
bad() { say "  refused  $*"; problems=$((problems + 1)); }

check_system() {
  # shellcheck source=/dev/null
  . /etc/os-release
  if [[ ${ID:-}-${VERSION_ID:-} == debian-13 ]]; then good "$PRETTY_NAME"; else
    bad "${PRETTY_NAME:-an unknown system}: berth supports only Debian 13 (trixie)"
  fi
  if [[ -d /run/systemd/system ]]; then good "systemd runs"; else bad "systemd does not run; every release needs it"; fi
  if command -v python3 >/dev/null; then good "$(python3 --version)"; else bad "python3 is missing; every release needs it: apt-get install python3"; fi
}

# Two systems on one machine would overwrite each other's firewall rules
check_tenants() {
  local other
  for other in /var/lib/berth/*/current; do
    other=$(basename "$(dirname "$other")")
    [[ $other == '*' || $other == "$SYSTEM" ]] || bad "berth's system $other is on this machine: a machine can have only one system"
  done
  for other in ufw firewalld; do
    ! systemctl is-active --quiet "$other" 2>/dev/null || note "$other is active too: ports that it closes stay closed"
  done
}

check_room() {
  local free
  free=$(($(stat --file-system --format '%a * %S' /var/lib) / 1048576))
  if ((free >= MINIMUM_FREE_MB)); then good "$free MB free in /var/lib"; else
    bad "$free MB free in /var/lib; packages and images need $MINIMUM_FREE_MB MB"
  fi
}

# A wrong clock makes certificates and signed requests fail, and logs misleading
check_clock() {
  if systemd-detect-virt --quiet --container; then note "it is a container: its host keeps the clock"
  elif [[ $(timedatectl show --property NTPSynchronized --value) == yes ]]; then good "the clock is synchronized by NTP: $(date --utc '+%F %T') UTC"
  else bad "the clock is not synchronized ($(date --utc '+%F %T') UTC): apt-get install systemd-timesyncd"
  fi
}

check_packages() {
  local names simulated lost
  mapfile -t names < <(packages_needed "$folder/packages")
  if simulated=$(apt-get --simulate install "${names[@]}" 2>&1); then
    lost=$(awk '/^Remv/ { print $2 }' <<<"$simulated" | paste -sd ' ')
    if [[ -z $lost ]]; then good "no package must be removed"; else bad "packages that berth needs would remove $lost: remove it yourself if nobody uses it"; fi
  elif ! grep -qE 'held|unmet|conflict' <<<"$simulated"; then
    # The package lists are missing or old; the release updates them
    note "package dependencies can't be checked yet: $(grep '^E:' <<<"$simulated" | head -n 1)"
  else
    bad "packages that berth needs can't be installed (${names[*]}): $(grep -E '^E:|unmet|but .* is to be installed|held' <<<"$simulated" | head -n 4 | paste -sd ' ')"
  fi
}

# Docker's own packages (docker-ce) are used as they are, since other programs of the machine may depend on them
check_engine() {
  local version
  grep -qx docker.io "$folder/packages" && is_installed docker-ce || return 0
  version=$(docker version --format '{{.Server.Version}}' 2>/dev/null) || version=
  if [[ -z $version ]]; then bad "docker-ce is installed and does not answer: systemctl start docker"
  elif [[ $(printf '%s\n' "$oldest_engine" "$version" | sort -V | head -n 1) != "$oldest_engine" ]]; then
    bad "docker-ce $version is installed; releases need $oldest_engine or later: apt-get install docker-ce"
  elif ! docker compose version >/dev/null 2>&1; then bad "docker-ce has no compose: apt-get install docker-compose-plugin"
  else good "docker-ce $version is used as it is"; fi
}

check_ports() {
  local protocol port program named=() unnamed=()
  command -v ss >/dev/null || { bad "ss is missing, which lists open ports: apt-get install iproute2"; return 0; }
  read -ra named <<<"$KEEP_OPEN"
  while read -r protocol port program; do
    [[ " $KEEP_OPEN " != *" $port "* ]] || continue
    if grep -qx "$protocol $port" "$folder/ports"; then
      is_ours "$port" "$program" || bad "$protocol port $port is used by $program, but $SYSTEM needs it: stop and disable the program, or move it to another port"
      continue
    fi
    opened_before "$protocol" "$port" && continue
    bad "$protocol port $port is open, used by $program: no rule and no keepOpen names it, and the firewall would close it"
    unnamed+=("$port")
  done < <(listening)
  if ((${#unnamed[@]})); then
    say "           to keep them open for other programs, write in this machine's hosts entry:"
    say "           keepOpen: [$(printf '%s\n' "${named[@]}" "${unnamed[@]}" | grep . | sort -nu | paste -sd ',' | sed 's/,/, /g')]"
  else
    good "every open port has a rule, or is kept open: $(awk '{ print $2 "/" $1 }' "$folder/ports" | sort -n | paste -sd ' ')"
  fi
  note "the machine stays as it is when it leaves the stack; to remove what berth installed: sudo $RETIRE"
  ! systemctl is-enabled --quiet nftables.service 2>/dev/null || note "nftables.service is enabled: its start, reload and stop flush all rules; berth's are restored each time, docker's by: systemctl restart docker"
  note "SSH is open to $SSH_FROM, and this login comes from $(login_address); others who log in from elsewhere need their network in berth:operators, or keepOpen: [$SSH_PORT]"
}

# Prints the source address of the SSH login that started this script. sudo removes SSH_CONNECTION from the environment, so
# it is read from the processes above this one
login_address() {
  local process=$PPID
  while ((process > 1)); do
    if tr '\0' '\n' 2>/dev/null <"/proc/$process/environ" | grep -m 1 -oP '^SSH_CONNECTION=\K[^ ]+'; then return 0; fi
    process=$(awk '/^PPid:/ { print $2 }' "/proc/$process/status")
  done
  echo "an unknown address"
}

# Whether the program on a port of the rules belongs to the system: SSH, Debian's nginx if it is the reverse proxy, or the
# Traefik of an earlier release
is_ours() {
  case $2 in
    sshd | systemd) [[ $1 == "$SSH_PORT" ]] ;;
    nginx) grep -qx nginx "$folder/packages" ;;
    traefik) [[ -n $(docker ps --quiet --filter "label=berth.system=$SYSTEM" --filter label=berth.service=traefik 2>/dev/null) ]] ;;
    *) return 1 ;;
  esac
}

# Prints the ports that are open to other machines: protocol, port, program. A port that docker publishes is listed with its
# container, except those of berth. A DHCP client's port (udp 68) is left out: it accepts no connections
listening() {
  {
    ss -Htulnp | awk '{
      port = $5; sub(/.*:/, "", port); address = substr($5, 1, length($5) - length(port) - 1); sub(/%.*/, "", address)
      program = match($0, /\(\("[^"]+"/) ? substr($0, RSTART + 3, RLENGTH - 4) : "the kernel"
      if (address ~ /^(127\.|\[::1\]|\[::ffff:127\.)/ || $1 " " port == "udp 68" || program == "docker-proxy") next
      print $1, port, program
    }'
    ! command -v docker >/dev/null || docker ps --format '{{.Label "berth.system"}}|{{.Names}}|{{.Ports}}' | awk -F '|' '$1 == "" {
      count = split($3, published, ", ")
      for (i = 1; i <= count; i++) {
        if (published[i] !~ /->/ || published[i] ~ /^(127\.|\[::1\])/) continue
        split(published[i], sides, "->"); protocol = sides[2]; sub(/.*\//, "", protocol)
        range = sides[1]; sub(/.*:/, "", range); split(range, ends, "-")
        for (port = ends[1]; port <= (ends[2] ? ends[2] : ends[1]); port++) print protocol, port, "container " $2
      }
    }'
  } | sort -u -k 1,1 -k 2,2n
}

# Whether the rules of an earlier release open the port; they may differ from the new rules
opened_before() {
  [[ -f $in_place ]] && grep -v keepOpen "$in_place" | grep -q "$1 dport $2 accept"
}

ensure_nftables() {
  ! command -v nft >/dev/null || return 0
  say "installing nftables"
  update_packages >/dev/null
  install_packages nftables >/dev/null
}

try_rules() {
  if is_proven "$rules" && cmp -s "$rules" "$in_place" && nft list table inet berth >/dev/null 2>&1; then
    say "the firewall rules are unchanged"
    return 0
  fi
  # Writes the file of docker's bridges, which the rules include
  python3 -I -B -c 'import sys; sys.path.insert(0, sys.argv[1]); import bridges, machine, tell; bridges.look_at(machine.Machine("", tell.Teller([])))' "$folder/engine"
  nft --check --file "$rules"
  begin_trial "$rules"
  say "new firewall rules are on trial for $trial_seconds s: the login of the release confirms them; without it the former rules are restored"
}

main
