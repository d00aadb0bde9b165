#!/bin/bash
# Containers: which must change, the new beside the old, their health, their end.
# shellcheck disable=SC2004,SC2034,SC2153,SC2154 # variables are shared by the parts of converge.sh
declare -A colour=() port=() wanted=() changed=()
order=()

replaced=()

# Made once a release, since what is looked at may change meanwhile. Decides for each service which colour it has after this release; what calls a changed one changes too
plan_services() {
  local name hash blue green calls called
  order=() replaced=()
  while IFS=$'\t' read -r name _ hash blue green calls _; do
    order+=("$name")
    wanted[$name]=$hash changed[$name]=
    [[ ${live_hash[$name]:-} == "$hash" ]] && is_running "$name" "$hash" "${live_colour[$name]}" || changed[$name]=1
    for called in ${calls//,/ }; do
      [[ $called == - || -z ${changed[$called]:-} ]] || changed[$name]=1
    done
    if [[ -z ${changed[$name]} ]]; then
      colour[$name]=${live_colour[$name]} port[$name]=${live_port[$name]}
    elif [[ ${live_colour[$name]:-green} == green ]]; then
      colour[$name]=blue port[$name]=$blue
    else
      colour[$name]=green port[$name]=$green
    fi
  done < <(services colours)
  while IFS=$'\t' read -r name _ hash _; do
    is_running "$name" "$hash" base || replaced+=("$name")
  done < <(services replace)
  export_choices
}

services() { table "$release/services.tsv" | awk -F '\t' -v rollout="$1" '$2 == rollout'; }

# A machine without containers has no engine
has_engine() { command -v docker >/dev/null; }

# Containers as the engine has them now: service, definition, project, state
containers() {
  has_engine || return 0
  docker ps --all --filter "label=berth.system=$SYSTEM" \
    --format '{{.Label "berth.service"}} {{.Label "berth.definition"}} {{.Label "com.docker.compose.project"}} {{.State}} {{.Status}}'
}

# A service with that definition runs in that project, and its health check does not say otherwise
is_running() {
  if is_process "$1"; then process_runs "$@"; return; fi
  local line=$1' '$2' '$SYSTEM-$3' running' now
  now=$(containers)
  grep -q "^$line" <<<"$now" && ! grep -q "^$line.*(unhealthy)" <<<"$now"
}

# In MB, of what can't run twice and does not run yet: half of what it may take at most, as for the colours
memory_of_added() {
  local now name memory sum=0
  now=$(containers)
  while IFS=$'\t' read -r name memory; do
    grep -q "^$name [^ ]* $SYSTEM-base running" <<<"$now" || sum=$((sum + memory))
  done < <(services replace | cut -f 1,10)
  echo $((sum / 2))
}

# What compose files name: BACKEND_COLOUR, BACKEND_PORT, BACKEND_RELEASE
export_choices() {
  local name upper
  export_releases
  for name in "${order[@]}"; do
    upper=${name^^}
    upper=${upper//-/_}
    export "${upper}_COLOUR=${colour[$name]}" "${upper}_PORT=${port[$name]}"
  done
}

export_releases() {
  local name hash upper
  while IFS=$'\t' read -r name _ hash _; do
    upper=${name^^}
    export "${upper//-/_}_RELEASE=$hash"
  done < <(table "$release/services.tsv")
}

compose() { docker compose --project-name "$SYSTEM-$1" --file "$release/$2.yaml" "${@:3}"; }

# Each program reads its own configuration once, in a container without a network
validate_services() {
  local name
  for name in colours base edge; do
    [[ ! -f $release/$name.yaml ]] || compose check "$name" config --quiet || fail "$name.yaml is not valid: $(tail -n 3 "$step_log" | scrub | tr '\n' ' ')"
  done
  [[ -f $release/check.yaml ]] || return 0
  while read -r name; do
    # Without input of its own it would take the names that follow
    compose check check run --rm --no-TTY --no-deps "$name" </dev/null || fail "the configuration of $name is not valid: $(tail -n 3 "$step_log" | scrub | tr '\n' ' ')"
  done < <(docker compose --file "$release/check.yaml" config --services)
}

start_services() {
  local name
  if [[ -f $release/colours.yaml ]]; then
    make_network "$SYSTEM-base"
    for name in "${order[@]}"; do make_network "$SYSTEM-$name-${colour[$name]}"; done
  fi
  for name in "${order[@]}"; do
    [[ -n ${changed[$name]} ]] || continue
    make_place "$name"
    if is_process "$name"; then
      start_process "$name"
    else
      compose "${colour[$name]}" colours up --detach --no-deps --no-build --pull never "$name"
    fi
    wait_healthy "$name"
  done
}

make_network() { docker network inspect "$1" >/dev/null 2>&1 || docker network create --label "berth.system=$SYSTEM" "$1"; }

# Its log folder, and nothing left of an attempt before
make_place() {
  local name=$1 mode owner path
  remove_service "$name" "${colour[$name]}"
  if [[ -n $(ss -Hltn "sport = :${port[$name]}") ]]; then fail "port ${port[$name]} of the new $name is taken on this machine: $(ss -Hltnp "sport = :${port[$name]}")"; fi
  while IFS=$'\t' read -r mode owner path; do
    install -d -m "$mode" -o "${owner%:*}" -g "${owner#*:}" "$path/${wanted[$name]}"
  done < <(table "$release/release-folders.tsv" | awk -F '\t' -v name="$name" '$1 == name { print $2 "\t" $3 "\t" $4 }')
}

wait_healthy() {
  local name=$1 deadline end url answer said status
  deadline=$(services colours | awk -F '\t' -v name="$name" '$1 == name { print $8 }')
  end=$((SECONDS + deadline))
  until is_healthy "$name"; do
    if ((SECONDS >= end)) || has_given_up "$name"; then
      explain "$name" "${colour[$name]}" "$url answers $said, expected is ${status//./x}" "${answer%$'\n'*}"
      fail "${2:-the new $name} is not healthy after $((deadline - end + SECONDS)) s"
    fi
    sleep 0.2
  done
}

# Sets what its caller tells of it: url, status (what is expected), answer, said. A redirect leads elsewhere, perhaps to
# one that is not well: it is no 2xx, and not followed
is_healthy() {
  local path
  IFS=$'\t' read -r path _ status < <(services colours | awk -F '\t' -v OFS='\t' -v name="$1" '$1 == name { print $7, $8, $9 }')
  url=http://127.0.0.1:${port[$1]}$path
  answer=$(curl --silent --max-time 3 --write-out '\n%{http_code} %{errormsg}' "$url") || true
  said=${answer##*$'\n'}
  said=${said% }
  [[ $said =~ ^$status$ ]]
}

container_of() { docker ps --all --quiet --filter "label=berth.service=$1" --filter "label=com.docker.compose.project=$SYSTEM-$2"; }

# It came up and fell three times: waiting longer does not help
has_given_up() {
  if is_process "$1"; then process_has_given_up "$1"; return; fi
  local restarts
  restarts=$(docker inspect --format '{{.RestartCount}}' "$(container_of "$1" "${colour[$1]}")")
  ((restarts >= 3))
}

explain() {
  local id
  [[ -z ${3:-} ]] || { say "$1: $3"; scrub <<<"${4:0:500}" | say_lines; }
  if is_process "$1"; then explain_process "$1"; return; fi
  id=$(container_of "$1" "$2")
  docker inspect --format 'its container: {{.State.Status}}, exit code {{.State.ExitCode}}, {{.RestartCount}} restarts{{if .State.OOMKilled}}, out of memory{{end}}' "$id" | say_lines
  say "its last lines:"
  docker logs --tail 50 "$id" 2>&1 | scrub | say_lines
}

remove_service() {
  local id
  if is_process "$1"; then remove_process "$@"; return; fi
  for id in $(container_of "$1" "$2"); do remove_container "$id"; done
}

# What it has begun may end, in the time that its definition gives it
remove_container() { docker stop "$1" >/dev/null && docker rm --force "$1" >/dev/null; }

# A start that failed leaves nothing behind
abandon_services() {
  local name
  for name in "${!changed[@]}"; do
    [[ -z ${changed[$name]} || ${live_colour[$name]:-} == "${colour[$name]:-}" ]] || remove_service "$name" "${colour[$name]}"
  done
  ! has_engine || docker network prune --force --filter "label=berth.system=$SYSTEM"
}
