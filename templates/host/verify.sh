#!/bin/bash
# Whether this very release is what the machine has: its files, their modes, its containers, its services.
# shellcheck disable=SC2034,SC2153,SC2154 # variables are shared by the parts of converge.sh
in_place() {
  [[ $(readlink "$state/current") == "releases/$RELEASE" && -d $release ]] &&
    volume_in_place && files_in_place && containers_in_place && processes_in_place && nginx_in_place &&
    systemctl is-active --quiet ssh.service berth-firewall.service &&
    nft list table inet berth >/dev/null && ! in_trial
}

files_in_place() {
  sha256sum --check --quiet --strict "$release/sums" &&
    xargs -d '\n' -a "$release/paths" stat -c '%04a %U:%G %n' | cmp -s - "$release/modes"
}

containers_in_place() {
  local now name rollout hash project count=0
  [[ ! -s $release/images ]] || systemctl is-active --quiet docker.service || return 1
  now=$(containers)
  while IFS=$'\t' read -r name rollout hash _; do
    [[ $rollout == replace ]] || [[ ${live_hash[$name]:-} == "$hash" ]] || return 1
    is_process "$name" && continue
    [[ $rollout != colours ]] || count=$((count + 1))
    project=$SYSTEM-${live_colour[$name]:-base}
    grep "^$name $hash $project running" <<<"$now" | grep -qv '(unhealthy)' || return 1
  done < <(table "$release/services.tsv")
  # Nothing is left of a release that was killed
  [[ $(grep -cE " $SYSTEM-(blue|green) " <<<"$now") == "$count" ]] || return 1
  [[ ! -f $release/edge.yaml ]] || grep -q "^traefik .* running" <<<"$now"
}
