#!/bin/bash
# What this machine has otherwise than its release: converge.sh has nothing to do where that is nothing, and `berth status
# --check` tells it. It only reads.
# shellcheck disable=SC2034,SC2153,SC2154 # variables are shared by the parts of converge.sh
rules=/etc/berth/firewall.nft.conf

in_place() {
  [[ $(readlink "$state/current") == "releases/$RELEASE" && -d $release && -z $(differences) ]]
}

# A line each: its kind, where it is, what is different; nothing where all is as the release left it
differences() {
  volume_differences
  file_differences
  route_differences
  container_differences
  process_differences
  unit_differences
  firewall_differences
  certificate_differences
}

differs() { printf '%s\t%s\t%s\n' "$1" "$2" "${3//[$'\t\n']/ }"; }

volume_differences() { volume_in_place || differs volume "$data" "${VOLUME_DEVICE// / or } is not what is mounted here"; }

file_differences() {
  local mode owner path
  [[ -s $release/sums && -s $release/modes && -s $release/paths ]] || { differs release "$release" "its lists of files are missing"; return 0; }
  while read -r _ path; do
    if [[ -e $path ]]; then differs file "$path" "has another content"; else differs file "$path" "is missing"; fi
  done < <(of_files sha256sum | lacking "$release/sums")
  while read -r mode owner path; do
    [[ ! -e $path ]] || differs mode "$path" "is $(stat -c '%04a %u:%g' "$path"), not $mode $owner"
  done < <(of_files stat -c '%04a %u:%g %n' | lacking "$release/modes")
}

of_files() { xargs -d '\n' -a "$release/paths" "$@" 2>/dev/null; }

# Lines of a list that don't come in
lacking() { grep -vxFf /dev/stdin "$1"; }

# What the edge leads to, which its routes file says, is what the release has
route_differences() {
  local name hash
  while IFS=$'\t' read -r name _ hash _; do
    [[ ${live_hash[$name]:-none} == "$hash" ]] || differs route "$name" "the edge leads to definition ${live_hash[$name]:-none}, not $hash"
  done < <(services colours)
}

# An engine that is asked is started by that: one that does not run is not asked
container_differences() {
  local now='' name hash project found wanted=' '
  if systemctl is-active --quiet docker.service; then now=$(containers); elif [[ -s $release/images ]]; then
    differs unit docker.service "does not run"
    return 0
  fi
  while IFS=$'\t' read -r name _ hash _; do
    is_process "$name" && continue
    project=$SYSTEM-${live_colour[$name]:-base}
    wanted+="$name/$project "
    ! grep "^$name $hash $project running" <<<"$now" | grep -qv '(unhealthy)' || continue
    found=$(grep -m 1 "^$name [^ ]* $project " <<<"$now")
    differs container "$project/$name" "$(container_state "$found" "$hash")"
  done < <(table "$release/services.tsv")
  # What a release that was killed left
  while read -r name _ project _; do
    [[ $wanted == *" $name/$project "* ]] || differs container "$project/$name" "is not of this release"
  done < <(grep -E " $SYSTEM-(blue|green) " <<<"$now")
  [[ ! -f $release/edge.yaml ]] || grep -q "^traefik .* running" <<<"$now" || differs container "$SYSTEM-edge/traefik" "does not run"
}

# In words, from a line of `containers`
container_state() {
  local hash status
  read -r _ hash _ _ status <<<"$1"
  if [[ -z $1 ]]; then echo "is missing"; elif [[ $hash != "$2" ]]; then echo "is of definition $hash, not $2"; else echo "is not well: $status"; fi
}

unit_differences() {
  local unit units=(ssh.service berth-firewall.service)
  ! has_nginx || units+=(nginx.service)
  [[ ! -f /etc/systemd/system/$certificate_timer ]] || units+=("$certificate_timer")
  [[ ! -f $release/processes.tsv ]] || units+=(supervisor.service)
  [[ ! -f /etc/logrotate.d/berth-$SYSTEM ]] || units+=(logrotate.timer)
  for unit in "${units[@]}"; do
    systemctl is-active --quiet "$unit" || differs unit "$unit" "does not run"
  done
  for unit in $(disabled_units); do differs unit "$unit" "would not start at the next boot"; done
}

# Of those that keep the firewall
disabled_units() {
  local unit
  for unit in berth-firewall.service berth-bridges.service; do
    [[ ! -e /etc/systemd/system/$unit ]] || systemctl is-enabled --quiet "$unit" || echo "$unit"
  done
}

firewall_differences() {
  if in_trial; then differs firewall "table inet berth" "other rules are on trial"; return 0; fi
  firewall_in_force || differs firewall "table inet berth" "is not what $rules says"
  [[ -n ${ADOPTED:-} ]] || return 0
  local bridge
  for bridge in $(mistaken_bridges); do differs firewall "$bridge" "is no network of docker's, and what comes from there is taken for a container's"; done
}

# Read back from a network of its own, the file's rules are written as those in force are
firewall_in_force() {
  local wanted now
  # shellcheck disable=SC2016 # expanded by the inner shell
  wanted=$(unshare --net bash -c 'nft -f "$1" && nft list table inet berth' _ "$rules" 2>/dev/null) &&
    now=$(nft list table inet berth 2>/dev/null) && [[ $now == "$wanted" ]]
}
