#!/bin/bash
# The machine itself: packages, room, files with how each is checked and activated.
# shellcheck disable=SC2034,SC2153,SC2154 # variables are shared by the parts of converge.sh
backup=/var/lib/berth/$SYSTEM/backup
declare -A activate=()

ensure_packages() {
  local missing=() package status
  while read -r package; do
    status=$(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null || true)
    [[ $status == installed ]] || missing+=("$package")
  done < <(table "$release/packages")
  ((${#missing[@]})) || return 0
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  dpkg --configure -a
  apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=5 update -q
  apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=5 install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold "${missing[@]}"
  # A new version of the engine comes when a release asks for it, never in the night
  apt-mark hold docker.io >/dev/null
}

# Two colours at once need memory and disk
check_room() {
  local place free available
  for place in /var/lib/berth /var/lib/docker; do
    [[ -d $place ]] || continue
    free=$(($(stat --file-system --format '%a * %S' "$place") / 1048576))
    ((free >= MINIMUM_FREE_MB)) || fail "$place has $free MB free, a release needs $MINIMUM_FREE_MB: remove what is not needed (docker image ls, journalctl --vacuum-size=100M) or give the machine a bigger disk"
  done
  available=$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
  ((available >= MINIMUM_MEMORY_MB)) || fail "$available MB of memory are available, the new containers beside the old may take $MINIMUM_MEMORY_MB: choose a bigger size"
}

validate_files() {
  local check path
  while IFS=$'\t' read -r _ _ _ check _ path; do
    [[ $check == - ]] || "check_$check" "$release/files$path" || fail "$path is not valid: $(tail -n 3 "$step_log" | scrub | tr '\n' ' ')"
  done < <(table "$release/files.tsv")
}

check_sshd() { install -d -m 0755 /run/sshd && /usr/sbin/sshd -t -f "$1"; }
check_firewall() { /usr/sbin/nft --check --file "$1"; }
check_docker() { ! command -v dockerd >/dev/null || dockerd --validate --config-file "$1"; }

# It tells of a word that it does not know, and then goes on as if nothing were
check_logrotate() {
  local said
  install -m 0644 "$1" /run/berth-logrotate
  said=$(/usr/sbin/logrotate --debug --state /dev/null /run/berth-logrotate 2>&1)
  echo "$said"
  ! grep -qE '^(error|warning: /run/berth-logrotate)' <<<"$said"
}

# Files in folders of their own: nothing reads them yet
install_release_files() {
  local mode owner path
  while IFS=$'\t' read -r _ mode owner _ _ path; do
    place_file "$mode" "$owner" "$path"
  done < <(table "$release/files.tsv" | grep '^release') || true
  while IFS=$'\t' read -r mode owner path; do
    install -d -m "$mode" -o "${owner%:*}" -g "${owner#*:}" "$path"
  done < <(table "$release/folders.tsv")
}

# Files that programs of the machine read: each kept for the way back, then activated
install_host_files() {
  local mode owner activation path
  # A release that was killed left them half changed, perhaps not activated
  restore_host_files
  rm -rf "$backup"
  install -d -m 0700 "$backup"
  while IFS=$'\t' read -r _ mode owner _ activation path; do
    same_file "$mode" "$owner" "$path" && continue
    if [[ -e $path ]]; then
      install -d -m 0700 "$backup$(dirname "$path")"
      cp -a "$path" "$backup$path"
    fi
    printf '%s\t%s\n' "$activation" "$path" >>"$backup/changed"
    place_file "$mode" "$owner" "$path"
    [[ $activation == - ]] || activate[$activation]=1
  done < <(table "$release/files.tsv" | grep '^host')
  activate_all
}

same_file() { [[ -e $3 ]] && cmp -s "$release/files$3" "$3" && [[ $(stat -c '%04a %U:%G' "$3") == "$1 $2" ]]; }

place_file() {
  install -d -m 0755 "$(dirname "$3")"
  install -m "$1" -o "${2%:*}" -g "${2#*:}" "$release/files$3" "$3.berth-new"
  mv -T "$3.berth-new" "$3"
}

activate_all() {
  local what
  # Rules that somebody took away come back with the file unchanged
  nft list table inet berth >/dev/null 2>&1 || activate[firewall]=1
  for what in systemd docker firewall ssh; do
    [[ -z ${activate[$what]:-} ]] || "activate_$what"
  done
  activate=()
}

activate_systemd() { systemctl daemon-reload; systemctl enable --quiet berth-firewall.service; }

# live-restore keeps containers over a restart; a first start has none
activate_docker() {
  systemctl reset-failed docker.service 2>/dev/null || true
  systemctl restart docker.service
  timeout 60 bash -c 'until docker version >/dev/null 2>&1; do sleep 0.2; done'
}

activate_firewall() { systemctl restart berth-firewall.service; }

# A server that does not answer a new connection is put back by the trap
activate_ssh() {
  systemctl reload ssh.service
  # shellcheck disable=SC2016 # expanded by the inner shell
  timeout 10 bash -c 'until exec 9<>/dev/tcp/127.0.0.1/22 && read -r -t 3 -u 9 line && [[ $line == SSH-* ]]; do sleep 0.2; done' ||
    fail "the SSH server does not answer after its reload"
}

restore_host_files() {
  [[ -f $backup/changed ]] || return 0
  local activation path
  activate=()
  while IFS=$'\t' read -r activation path; do
    if [[ -e $backup$path ]]; then cp -a "$backup$path" "$path"; else rm -f "$path"; fi
    [[ $activation == - ]] || activate[$activation]=1
  done <"$backup/changed"
  rm -f "$backup/changed"
  activate_all
}
