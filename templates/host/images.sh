#!/bin/bash
# Images: room for them before they are pulled, and logins at registries, which stay no longer than a pull.
# shellcheck disable=SC2153,SC2154 # variables are shared by the parts of converge.sh
# In memory, for root alone: the start of a release puts it there, and takes it away
logins=/run/berth-logins
# While a layer is unpacked it lies there twice, and unpacked it takes about three times as much
unpacked_times=4
# A pull is ended before the disk is full, which would stop databases
last_free_mb=200

pull_images() {
  local image missing=()
  while read -r image; do
    docker image inspect "$image" >/dev/null 2>&1 || missing+=("$image")
  done < <(table "$release/images")
  if ((${#missing[@]})); then
    log_in
    for image in "${missing[@]}"; do pull_image "$image"; done
  fi
  log_out
}

log_in() {
  local registry user password
  [[ -f $logins/logins.tsv ]] || return 0
  export DOCKER_CONFIG=$logins
  while IFS=$'\t' read -r registry user password; do
    docker login --username "$user" --password-stdin "$registry" <<<"$password" ||
      fail "the login of $user at registry $registry failed: $(tail -n 1 "$step_log")$(password_refused)"
  done < <(table "$logins/logins.tsv")
}

password_refused() {
  ! tail -n 1 "$step_log" | grep -qiE '401|unauthorized|denied|incorrect' || echo ". Set the password that registries: names for it anew, or another user"
}

log_out() { rm -rf "$logins"; unset DOCKER_CONFIG; }

pull_image() {
  local image=$1 place download needed pull
  place=$(docker info --format '{{.DockerRootDir}}')
  download=$(download_mb "$image")
  needed=$((${download:-0} * unpacked_times + last_free_mb))
  (($(free_mb "$place") >= needed)) ||
    fail "image $image is a download of $download MB and takes up to $((needed - last_free_mb)) MB while it is unpacked, and $place has $(free_mb "$place") MB free: nothing was pulled. Remove what is not needed (sudo docker image ls, sudo du -xh --max-depth 2 / | sort -h | tail), or give the machine a bigger disk"
  note_pulled "$image"
  timeout 900 docker pull --quiet "$image" &
  pull=$!
  while kill -0 "$pull" 2>/dev/null; do
    if (($(free_mb "$place") < last_free_mb)); then
      kill "$pull" 2>/dev/null || true
      wait "$pull" || true
      fail "image $image is too big for this machine: its pull was ended with $(free_mb "$place") MB free in $place, and what had come of it is gone. Give the machine a bigger disk"
    fi
    sleep 0.2
  done
  wait "$pull" || fail "image $image can't be pulled: $(tail -n 1 "$step_log")$(login_missing "$image")"
}

# A registry often says no more than that it denies
login_missing() {
  local registry
  registry=$(registry_of "$1")
  grep -qiE 'denied|unauthorized|no basic auth|authentication required' <<<"$(tail -n 1 "$step_log")" || return 0
  ! grep -qsF "$registry"$'\t' "$logins/logins.tsv" || return 0
  echo ". No login for $registry is named: see registries: in the environment's file"
}

# What will come over the network, as the image's manifest says; nothing where its registry does not tell
download_mb() {
  local text digest repository
  text=$(manifest "$1") || return 0
  if grep -q '"manifests":' <<<"$text"; then
    # One for each kind of processor
    digest=$(awk -F '"' -v wanted="$(dpkg --print-architecture)" '$2 == "digest" { digest = $4 } $2 == "architecture" && $4 == wanted { print digest; exit }' <<<"$text")
    repository=${1%%@*}
    [[ ${repository##*/} != *:* ]] || repository=${repository%:*}
    text=$(manifest "$repository@$digest") || return 0
  fi
  awk '/"layers":/ { layers = 1 } layers && /"size":/ { gsub(/[^0-9]/, ""); sum += $0 } END { if (layers) print int(sum / 1048576) + 1 }' <<<"$text"
}

manifest() {
  local plain=()
  ! speaks_plain_http "$(registry_of "$1")" || plain=(--insecure)
  by_proxy timeout 30 docker manifest inspect "${plain[@]}" "$1" 2>/dev/null
}

speaks_plain_http() { [[ $1 =~ ^(localhost|127\.)  ]] || grep -qsF "\"$1\"" /etc/docker/daemon.json; }

# As model/registries.ts does
registry_of() {
  local first=${1%%/*}
  if [[ $1 == */* && ($first == *[.:]* || $first == localhost) ]]; then echo "$first"; else echo docker.io; fi
}
