#!/bin/bash
# Programs without a container: their commit is fetched and built once, supervisor runs each in two colours.
# shellcheck disable=SC2004,SC2034,SC2153,SC2154 # variables are shared by the parts of converge.sh
sources=/srv/berth/$SYSTEM
program_logs=/var/log/berth/$SYSTEM/processes
programs=/etc/supervisor/conf.d
fetch_seconds=600
build_seconds=1800

# The columns of a process: user, build, seconds
process() { [[ -f $release/processes.tsv ]] && table "$release/processes.tsv" | awk -F '\t' -v OFS='\t' -v name="$1" '$1 == name { print $2, $3, $4; found = 1 } END { exit !found }'; }
is_process() { process "$1" >/dev/null; }

ensure_user() { getent passwd "$1" >/dev/null || useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$1"; }

# Before anything is switched; a build that stands is not made again
build_sources() {
  local build repository revision user
  while IFS=$'\t' read -r build repository revision user; do
    ensure_user "$user"
    install -d -m 0755 "$sources" "$sources/builds"
    tell_builder
    [[ -f $sources/builds/$build.commit ]] || build_source </dev/null
    say "  $revision is commit $(<"$sources/builds/$build.commit")"
  done < <(table "$release/sources.tsv")
}

# Complete when its commit is noted, in one rename. It is built where it will stay, since virtual environments know their
# place; what an attempt left behind goes first.
build_source() {
  local folder=$sources/builds/$build mirror commit
  fetch_commit
  rm -rf "$folder"
  install -d -m 0755 -o "$user" -g "$user" "$folder" "$folder.home"
  as_builder git --git-dir "$mirror" archive "$commit" | as_builder tar -x -C "$folder"
  if ! (cd "$folder" && builder_home=$folder.home as_builder timeout "$build_seconds" bash -euxo pipefail -c "$(<"$release/builds/$build.sh")" </dev/null); then
    say "the build of $revision ($commit) failed, its last lines:"
    tail -n 40 "$step_log" | scrub | say_lines
    rm -rf "$folder" "$folder.home"
    fail "$revision can't be built: try its build commands on a Debian machine like this one"
  fi
  rm -rf "$folder.home"
  # Nobody who runs it may change it
  chown -R root:root "$folder"
  chmod -R u+rwX,go+rX,go-w "$folder"
  echo "$commit" >"$folder.commit.new"
  sync "$folder.commit.new"
  mv -T "$folder.commit.new" "$folder.commit"
}

# A tag is resolved once: what the mirror knows is not asked again, and a tag that was moved since is not followed
fetch_commit() {
  local wanted='+refs/heads/*:refs/heads/*'
  is_hash || wanted=refs/tags/$revision:refs/tags/$revision
  mirror=$(mirror_of "$repository")
  install -d -m 0755 -o "$user" -g "$user" "$sources/mirror"
  as_builder git init --quiet --bare "$mirror"
  ! commit=$(known_commit) || return 0
  fetch "$wanted" || fail "$repository does not give $revision: $(tail -n 3 "$step_log" | scrub | tr '\n' ' ')"
  # Some servers give a commit that no branch has any more
  commit=$(known_commit || { fetch "$revision" && known_commit; }) || fail "$repository has no commit $revision: push it, or name another"
}

mirror_of() { echo "$sources/mirror/$(sha256sum <<<"$1" | cut -c 1-12)"; }
fetch() { as_builder timeout "$fetch_seconds" git --git-dir "$mirror" fetch --quiet --no-tags "$repository" "$1"; }
is_hash() { [[ $revision =~ ^[0-9a-f]{40}$ ]]; }

known_commit() {
  local name=refs/tags/$revision
  ! is_hash || name=$revision
  as_builder git --git-dir "$mirror" rev-parse --verify --quiet "$name^{commit}"
}
builder_home=/nonexistent

as_builder() {
  env -i PATH=/usr/local/bin:/usr/bin:/bin HOME="$builder_home" LC_ALL=C.UTF-8 GIT_TERMINAL_PROMPT=0 "${builder_env[@]}" \
    setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs -- "$@"
}

program_of() { echo "$SYSTEM-$1-$2"; }
program_file() { echo "$programs/berth-$(program_of "$1" "$2").conf"; }

# Its socket is missing for a moment after supervisor's own start
supervise() {
  local try
  for try in 1 2 3 4 5; do
    supervisorctl "$@" && return
    systemctl is-active --quiet supervisor.service || systemctl start supervisor.service
    sleep "$try"
  done
  return 1
}

# Supervisor's programs as they are now: name, state
programs_now() { ! command -v supervisorctl >/dev/null || supervisorctl status 2>/dev/null | awk '{ sub(/^[^:]*:/, "", $1); print $1, $2 }' || true; }

# A process of that definition runs in that colour
process_runs() {
  [[ $(head -n 1 "$(program_file "$1" "$3")" 2>/dev/null) == "; $2" ]] &&
    grep -qE "^$(program_of "$1" "$3") (RUNNING|STARTING)$" <<<"${4:-$(programs_now)}"
}

start_process() {
  local user file
  falls=0
  IFS=$'\t' read -r user _ < <(process "$1")
  ensure_user "$user"
  file=$(program_file "$1" "${colour[$1]}")
  sed -e "s/@colour@/${colour[$1]}/" -e "s/@port@/${port[$1]}/" "$release/supervisor/$1.conf" >"$file.new"
  mv -T "$file.new" "$file"
  supervise update "$(program_of "$1" "${colour[$1]}")"
}

# It fell again and again: waiting longer does not help
process_has_given_up() {
  [[ $SECONDS != "$asked_at" ]] || return 1
  asked_at=$SECONDS
  case $(programs_now | awk -v program="$(program_of "$1" "${colour[$1]}")" '$1 == program { print $2 }') in
    FATAL) return 0 ;;
    BACKOFF) falls=$((falls + 1)) ;;
  esac
  ((falls >= 4))
}
asked_at=
falls=0

explain_process() {
  local program
  program=$(program_of "$1" "${colour[$1]}")
  say "supervisor says: $(supervisorctl status "$program" || true)"
  say "its last lines:"
  tail -n 50 "$program_logs/$1-${colour[$1]}.log" 2>&1 | scrub | say_lines
}

# Its requests finish first, as long as they may take; then it is asked to stop
remove_process() {
  local file program seconds=30 listens
  program=$(program_of "$1" "$2")
  file=$(program_file "$1" "$2")
  [[ -e $file ]] || grep -q "^$program " < <(programs_now) || return 0
  if [[ -e $file ]]; then
    IFS=$'\t' read -r _ _ seconds < <(process "$1") || true
    listens=$(sed -n 's/^command=.* //p' "$file")
    # shellcheck disable=SC2016 # expanded by the inner shell
    timeout "$seconds" bash -c 'while [[ -n $(ss -Htn state established "( sport = :$1 )") ]]; do sleep 0.2; done' _ "$listens" || true
    rm -f "$file"
  fi
  supervise update "$program"
  rm -rf "/run/berth-files/$SYSTEM-$1-${listens:-none}"
}

# What a release that was killed, or one with other processes, left behind
remove_other_programs() {
  local program name wanted_programs=' '
  for name in "${order[@]}"; do wanted_programs+="$(program_of "$name" "${colour[$name]}") "; done
  {
    programs_now | cut -d ' ' -f 1
    find "$programs" -name 'berth-*.conf' -printf '%f\n' 2>/dev/null | sed 's/^berth-//; s/\.conf$//'
  } | grep -E "^$SYSTEM-.+-(blue|green)$" | sort -u | while read -r program; do
    [[ $wanted_programs != *" $program "* ]] || continue
    rm -f "$programs/berth-$program.conf"
    supervise update "$program" </dev/null
  done || true
}

process_differences() {
  local now name build program status wanted=' '
  [[ -f $release/processes.tsv ]] || return 0
  now=$(programs_now)
  while IFS=$'\t' read -r name _ build _; do
    program=$(program_of "$name" "${live_colour[$name]:-}")
    wanted+="$program "
    [[ -f $sources/builds/$build.commit && -d $sources/builds/$build ]] || differs process "$name" "its build $build is missing"
    process_runs "$name" "${live_hash[$name]:-}" "${live_colour[$name]:-}" "$now" && continue
    status=$(awk -v program="$program" '$1 == program { print $2 }' <<<"$now")
    case $status in
      RUNNING | STARTING) differs process "$program" "is not of definition ${live_hash[$name]:-none}" ;;
      *) differs process "$program" "is ${status:-missing}" ;;
    esac
  done < <(table "$release/processes.tsv")
  # What a release that was killed left
  while read -r program _; do
    [[ $wanted == *" $program "* ]] || differs process "$program" "is not of this release"
  done < <(grep -E "^$SYSTEM-.+-(blue|green) " <<<"$now")
}

# Beside a build lie its note of the commit and, while it is made, its home
built() { local name=${1%.new}; name=${name%.commit}; echo "${name%.home}"; }

prune_builds() {
  local kept build
  [[ -d $sources/builds ]] || return 0
  kept=$(of_kept sources.tsv | cut -f 1)
  find "$sources/builds" -mindepth 1 -maxdepth 1 -printf '%f\n' | while read -r build; do
    listed "$(built "$build")" "$kept" || rm -rf "$sources/builds/${build:?}"
  done
}
