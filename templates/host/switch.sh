#!/bin/bash
# The edge, the one step that makes a release live, and what follows it.
# shellcheck disable=SC2004,SC2034,SC2153,SC2154 # variables are shared by the parts of converge.sh

# Its own configuration is no part of a release: a changed edge is started anew only when the stack's file asks for it
ensure_edge() {
  if has_nginx; then ensure_nginx; return; fi
  [[ -f $release/edge.yaml ]] || return 0
  local running
  running=$(docker ps --filter "label=berth.system=$SYSTEM" --filter label=berth.service=traefik --format '{{.Label "berth.definition"}}')
  [[ $running != "$EDGE_DEFINITION" ]] || return 0
  if [[ -n $running && $EDGE_RESTART != yes ]]; then
    say "the edge itself has changed and stays as it is: set restartEdge: true for one release, at a quiet hour"
    return 0
  fi
  [[ -z $running ]] || note_begun edge traefik
  # An edge of before may have been another user's
  table "$release/folders.tsv" | awk -F '\t' -v owner="$EDGE_USER" '$2 == owner { print $2, $3 }' | while read -r owner path; do chown -R "$owner" "$path"; done
  compose edge edge up --detach --no-build --pull never traefik
  [[ -z $running ]] || stays_up traefik edge || { explain traefik edge; fail "the new edge does not stay up"; }
}

# What can't run twice: stopped and started where its definition changed
ensure_base() {
  local name
  for name in "${replaced[@]}"; do
    note_begun base "$name"
    compose base base up --detach --no-deps --no-build --pull never "$name"
    stays_up "$name" base || { explain "$name" base; fail "$name does not stay up, or is not healthy in time"; }
  done
}

# Healthy by its own check within its deadline; without a check, it runs for three seconds
stays_up() {
  local deadline end state
  deadline=$(services replace | awk -F '\t' -v name="$1" '$1 == name { print $8 }')
  end=$((SECONDS + (${deadline:-0} > 0 ? deadline : 3)))
  while :; do
    state=$(docker inspect --format '{{.State.Status}} {{.RestartCount}} {{if .State.Health}}{{.State.Health.Status}}{{end}}' "$(container_of "$1" "$2")")
    case $state in
      'running 0 healthy') return 0 ;;
      'running 0 ') ((SECONDS < end)) || return 0 ;;
      'running 0 '*) ((SECONDS < end)) || return 1 ;;
      *) return 1 ;;
    esac
    sleep 0.5
  done
}

former_routes=$state/edge/.routes-former
next_routes=$state/edge/.routes-next
switched=
any_status='[1-5].*'

switch_over() {
  local name
  [[ ! -f $routes ]] || cp -a "$routes" "$former_routes"
  generation=$((generation + 1))
  {
    printf '# generation %s\n# release %s %s\n' "$generation" "$RELEASE" "$VERSION"
    for name in "${order[@]}"; do printf '# live %s %s %s %s\n' "$name" "${colour[$name]}" "${port[$name]}" "${wanted[$name]}"; done
    routes_text
  } >"$next_routes"
  ! has_nginx || nginx_accepts "$next_routes" "$routes" || fail "the new routes are not valid: $(tail -n 3 "$step_log" | scrub | tr '\n' ' ')"
  switched=1
  publish_routes "$EDGE_STATUS" || fail "the edge does not show the new release"
  note_live "$RELEASE" "$VERSION"
}

publish_routes() {
  chmod 0644 "$next_routes" && sync "$next_routes" && mv -T "$next_routes" "$routes" && edge_follows "$1"
}

# The edge leaves the new containers before they go. The former routes get a number of their own: the edge may still show
# theirs, having not read the new ones yet
restore_routes() {
  [[ -n $switched ]] || return 0
  if ((generation == 1)); then
    rm -f "$routes" "$record"
    ! has_nginx || systemctl reload nginx.service
    return
  fi
  generation=$((generation + 1))
  sed -e "s/^# generation .*/# generation $generation/" -e "/Berth-Generation/s/[0-9]\+/$generation/" "$former_routes" >"$next_routes"
  publish_routes "$any_status"
  note_former
}

routes_text() {
  local file=$release/${routes##*/}
  [[ -f $file ]] || return 0
  local name words=(-e "s/@generation@/$generation/")
  for name in "${order[@]}"; do words+=(-e "s/@$name@/${port[$name]}/"); done
  sed "${words[@]}" "$file"
}

# Asked through the edge itself, until the answer comes from behind the new routes, with a status of that pattern
edge_follows() {
  [[ -f $release/${routes##*/} ]] || return 0
  ! has_nginx || systemctl reload nginx.service
  local end=$((SECONDS + 20)) seen status=$1 wrong=0
  while
    seen=$(curl --silent --insecure --max-time 3 --resolve "$EDGE_DOMAIN:$EDGE_PORT:127.0.0.1" --output /dev/null \
      --write-out '%header{berth-generation} %{http_code} %{errormsg}' "$EDGE_SCHEME://$EDGE_DOMAIN:$EDGE_PORT$EDGE_PATH") || true
    seen=${seen% }
    [[ ! $seen =~ ^$generation\ $status$ ]]
  do
    # Two seconds of such answers from behind the new routes: waiting longer does not help
    [[ ! $seen =~ ^$generation\  ]] || wrong=$((wrong + 1))
    ((SECONDS < end && wrong < 20)) || { say "the edge shows (release, status): $seen, expected is $generation ${status//./x}"; edge_log | scrub | say_lines; return 1; }
    sleep 0.1
  done
}

edge_log() {
  if has_nginx; then tail -n 20 /var/log/nginx/error.log "/var/log/nginx/berth-$SYSTEM/error.log"; else docker logs --tail 20 "$(container_of traefik edge)"; fi 2>&1
}

# Callers first, so that their last requests still find what they call
stop_former() {
  local service project name kept id base
  base=$(services replace | cut -f 1)
  sleep "$DRAIN_SECONDS"
  for ((name = ${#order[@]} - 1; name >= 0; name--)); do
    service=${order[name]}
    kept=${colour[$service]}
    remove_service "$service" "$([[ $kept == blue ]] && echo green || echo blue)"
  done
  remove_other_programs
  has_engine || return 0
  while read -r id service project; do
    case $project in
      "$SYSTEM-blue" | "$SYSTEM-green") [[ -v "wanted[$service]" ]] && continue ;;
      "$SYSTEM-base") grep -qx "$service" <<<"$base" && continue ;;
      "$SYSTEM-check") ;;
      *) continue ;;
    esac
    remove_container "$id"
  done < <(docker ps --all --filter "label=berth.system=$SYSTEM" --format '{{.ID}} {{.Label "berth.service"}} {{.Label "com.docker.compose.project"}}')
  docker network prune --force --filter "label=berth.system=$SYSTEM"
}

# Which file the edge was started by, for the release that fails to start another
note_edge() {
  [[ -f $release/edge.yaml && -n $(docker ps --quiet --filter label=berth.service=traefik --filter "label=berth.definition=$EDGE_DEFINITION") ]] || return 0
  cp "$release/edge.yaml" "$live_edge"
}

finish_release() {
  ln -sfn "releases/$RELEASE" "$state/.current"
  mv -T "$state/.current" "$state/current"
  note_edge
  rm -rf "$backup"
  prune
  say_way_back
  find /var/lib -maxdepth 1 -name 'berth.??????' -mmin +60 -exec rm -rf {} +
}
