#!/bin/bash
# What every step uses: where things lie, what is said, which release is live.
# shellcheck disable=SC2034,SC2153,SC2154 # variables are shared by the parts of converge.sh
state=/var/lib/berth/$SYSTEM
routes=$state/edge/routes.yaml
[[ ! -f ${incoming:-}/routes.conf ]] || routes=$state/edge/routes.conf
release=$state/releases/$RELEASE
configuration=/etc/berth/$SYSTEM
logs=/var/log/berth
failed_step=start
told=
live_release=
live_version=
declare -A live_colour=() live_port=() live_hash=()
generation=0

# Programs write to a log file; standard error tells a person what happens, standard output only the end.
# Neither stops the work when nobody listens any more.
open_log() {
  install -d -m 0755 "$logs" /var/lib/berth
  install -d -m 0700 "$state" "$state/releases"
  install -d -m 0755 "$state/edge"
  rm -f /run/berth-step.*
  step_log=$(mktemp /run/berth-step.XXXXXX)
  exec 3>&1 4>&2
  exec >>"$step_log" 2>&1
}

say() { printf '%s\n' "$*" >&4 || true; printf '%s\n' "$*" | systemd-cat -t berth || true; }
say_lines() { while IFS= read -r line; do say "  $line"; done; }
report() { printf '%s\n' "$1" >&3 || true; rm -f "$step_log"; }

# A person reads this at night: what went wrong, then what to do
fail() { told=1; say "error: $1"; exit 1; }

step() {
  local name=$1 began=$EPOCHREALTIME
  shift
  failed_step=$name
  # The connection that waits for this release says it
  echo "$name" >/run/berth-doing
  : >"$step_log"
  "$@"
  say "$(printf '%-24s %s' "$name" "$(elapsed "$began")")"
}

elapsed() { local now=$EPOCHREALTIME; printf '%d.%01d s' $(((${now/./} - ${1/./}) / 1000000)) $(((${now/./} - ${1/./}) / 100000 % 10)); }

# No line of a log may show a secret: longest first, so that one which holds another goes whole; what stands in its place
# is not searched again
scrub() {
  local list=$release/secrets
  # A release that has not taken its place yet
  [[ -f $list ]] || list=${incoming:-}/secrets
  [[ -r $list ]] || { cat >/dev/null; echo "(kept back: the list of secrets, $release/secrets, can't be read)"; return 0; }
  awk -v list="$list" 'BEGIN {
      while ((getline line <list) > 0) {
        if (length(line) <= 3) continue
        for (at = ++count; at > 1 && length(secret[at - 1]) < length(line); at--) secret[at] = secret[at - 1]
        secret[at] = line
      }
    }
    {
      for (i = 1; i <= count; i++) {
        done = ""
        while ((at = index($0, secret[i]))) { done = done substr($0, 1, at - 1) "[secret]"; $0 = substr($0, at + length(secret[i])) }
        $0 = done $0
      }
      print
    }'
}

say_failed_step() { [[ -n $told ]] || { say "error: step \"$failed_step\" failed, its last lines:"; tail -n 15 "$step_log" | scrub | say_lines; }; }

# The routes file is what makes a release live, in one rename: its head says what stands behind it
read_live() {
  [[ -f $routes ]] || return 0
  local word name colour port hash
  while read -r _ word name colour port hash; do
    case $word in
      generation) generation=$name ;;
      release) live_release=$name live_version=$colour ;;
      live) live_colour[$name]=$colour live_port[$name]=$port live_hash[$name]=$hash ;;
    esac
  done < <(grep '^# ' "$routes")
}

# The unpacked release takes its place; an older unpacking of the same one goes
keep_release() {
  local former=$state/releases/.former.$$
  if [[ -e $release ]]; then mv -T "$release" "$former"; fi
  mv -T "$incoming" "$release"
  rm -rf "$former"
}

# Of the file system that a folder lies on
free_mb() { echo $(($(stat --file-system --format '%a * %S' "$1") / 1048576)); }

# Columns of a table of the release, without its comment lines
table() { grep -v '^#' "$1" || true; }
