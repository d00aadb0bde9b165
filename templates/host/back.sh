#!/bin/bash
# The way back of a release that fails: what it replaced is noted before it is touched and put back, and what serves is
# asked of the machine before it is told.
# shellcheck disable=SC2004,SC2034,SC2153,SC2154 # variables are shared by the parts of converge.sh
begun=$state/begun
# The edge's own file: it may be older than the release that is live
live_edge=$state/edge.yaml

# What ran before goes on, and what was begun is taken back
roll_back() {
  (($1)) || return 0
  trap - EXIT
  trap '' TERM INT
  set +e
  log_out
  say_failed_step
  put_back edge
  restore_routes
  abandon_services
  put_back base
  restore_host_files
  take_back_trial
  say_what_serves
  exit 1
}

# The new release serves already, and what is left of the former one goes later
stay() {
  (($1)) || return 0
  trap - EXIT
  set +e
  say_failed_step
  say_what_serves
  say "what is left of the former release goes with the next \`pulumi up\`"
  exit 1
}

# Project and service of what can't run twice: from here on its former container may be gone
note_begun() { echo "$1 $2 $RELEASE" >>"$begun"; sync "$begun"; }

# What a release had begun that was killed after its switch is what serves
forget_begun() { ! grep -qs " $live_release$" "$begun" || rm -f "$begun"; }

# Of a project, what was begun goes, and what the live release has in its place runs again
put_back() {
  local name names former=$state/releases/$live_release file
  [[ -s $begun ]] || return 0
  file=$former/$1.yaml
  [[ $1 != edge || ! -f $live_edge ]] || file=$live_edge
  mapfile -t names < <(awk -v project="$1" '$1 == project && !seen[$2]++ { print $2 }' "$begun")
  for name in "${names[@]}"; do
    remove_service "$name" "$1"
    [[ -n $live_release && -f $file ]] || continue
    # It may have gone with its last container
    [[ $1 == edge ]] || make_network "$SYSTEM-$1"
    (
      release=$former
      export_releases
      known=$(docker compose --project-name "$SYSTEM-$1" --file "$file" config --services)
      listed "$name" "$known" || exit 0
      docker compose --project-name "$SYSTEM-$1" --file "$file" up --detach --no-deps --no-build --pull never "$name"
      stays_up "$name" "$1"
    )
  done
  sed -i "/^$1 /d" "$begun"
}

# Where it fails, what it is that does not
say_what_serves() {
  local lacking what="the former release"
  [[ -f $routes ]] || { say "no release is live yet"; return 0; }
  read_live
  [[ $live_release != "$RELEASE" ]] || what="release $RELEASE"
  lacking=$(not_serving)
  if [[ -n $lacking ]]; then
    say "error: $what does not serve whole:"
    say_lines <<<"$lacking"
  elif [[ $live_release == "$RELEASE" ]]; then say "$what serves all the same"; else say "$what goes on serving"; fi
}

# A line for each part of the live release that does not run, or does not answer
not_serving() (
  release=$state/releases/$live_release
  [[ -f $release/release.env ]] || { echo "its folder $release is missing"; exit 0; }
  # shellcheck source=/dev/null
  . "$release/release.env"
  while IFS=$'\t' read -r name rollout hash _; do
    place=base
    [[ $rollout != colours ]] || place=${live_colour[$name]:-none} hash=${live_hash[$name]:-none}
    is_running "$name" "$hash" "$place" || echo "$name does not run: $(said_of "$name" "$place")"
  done < <(table "$release/services.tsv")
  edge_follows "$any_status" || echo "the edge does not answer from behind its routes"
)

said_of() {
  local status
  if is_process "$1"; then supervisorctl status "$(program_of "$1" "$2")"; return; fi
  status=$(docker ps --all --filter "label=berth.service=$1" --filter "label=com.docker.compose.project=$SYSTEM-$2" --format '{{.Status}}')
  echo "${status:-it has no container}"
}
