#!/bin/bash
# The machine itself: packages, room, files with how each is checked and activated.
# shellcheck disable=SC2034,SC2153,SC2154 # variables are shared by the parts of converge.sh
backup=/var/lib/berth/$SYSTEM/backup
data=/var/lib/berth/$SYSTEM/data
declare -A activate=()

ensure_packages() {
  local missing=() package
  while read -r package; do
    is_installed "$package" || missing+=("$package")
  done < <(packages_needed "$release/packages")
  if ((${#missing[@]})); then
    say "installing ${missing[*]}"
    packages_by_proxy
    with_package_locks dpkg --configure -a
    update_packages
    install_packages "${missing[@]}"
  fi
  ! grep -qx docker.io "$release/packages" || hold_engine
}

# What services keep lies on a disk of its own: made a file system once, mounted now and before docker at every boot
mount_volume() {
  [[ -n $VOLUME_DEVICE ]] || return 0
  local end=$((SECONDS + 60)) uuid
  until find_volume; do
    ((SECONDS < end)) || fail "the data disk ${VOLUME_DEVICE// / or } can't be found after 60 s: see that it is attached to this machine (lsblk), then run pulumi up again"
    sleep 0.5
  done
  volume_in_place && return 0
  ! mountpoint -q "$data" || fail "another disk than $VOLUME_DEVICE is mounted at $data ($(findmnt -no SOURCE --mountpoint "$data")): nothing was changed"
  [[ ! -d $data || -z $(ls -A "$data") ]] || fail "$data has files on the machine's own disk, which the data disk would hide: move them away, or onto $VOLUME_DEVICE by hand"
  make_file_system
  uuid=$(blkid --probe --match-tag UUID --output value "$VOLUME_DEVICE")
  install -d -m 0755 "$data"
  # While the disk is away nothing can be written in its place
  chattr +i "$data" || true
  write_fstab "UUID=$uuid $data ext4 defaults,nofail,x-systemd.device-timeout=60s,x-systemd.before=docker.service 0 2"
  systemctl daemon-reload
  mount "$data" || fail "the data disk $VOLUME_DEVICE can't be mounted at $data: $(tail -n 2 "$step_log" | tr '\n' ' ')"
}

# The disk has one of these names, by the bus that it is on: from then on VOLUME_DEVICE is that one
find_volume() {
  local device
  for device in $VOLUME_DEVICE; do
    [[ -b $device ]] || continue
    VOLUME_DEVICE=$device
    return 0
  done
  return 1
}

volume_in_place() {
  [[ -n $VOLUME_DEVICE ]] || return 0
  find_volume && [[ $(findmnt -no SOURCE --mountpoint "$data") == "$(realpath "$VOLUME_DEVICE")" ]]
}

# Only a disk with nothing at all on it is written to
make_file_system() {
  local signatures
  signatures=$(wipefs --no-act --noheadings --output TYPE "$VOLUME_DEVICE") || fail "the data disk $VOLUME_DEVICE can't be read: $(tail -n 1 "$step_log")"
  [[ $signatures != ext4 ]] || return 0
  [[ -z $signatures ]] || fail "the data disk $VOLUME_DEVICE is neither empty nor of ext4 (it has ${signatures//$'\n'/, }): berth formats no disk that has something on it; attach another, or empty it by hand (wipefs --all)"
  say "formatting the new data disk $VOLUME_DEVICE"
  mkfs.ext4 -q "$VOLUME_DEVICE"
}

# One line for the folder, whichever disk it had before
write_fstab() {
  touch /etc/fstab
  awk -v folder="$data" '$2 != folder' /etc/fstab >/etc/fstab.berth-new
  echo "$1" >>/etc/fstab.berth-new
  mv -T /etc/fstab.berth-new /etc/fstab
}

# What failed attempts and older releases left goes before more comes
make_room() { prune; check_room; }

# Two colours at once need memory and disk, and so does what can't run twice where it does not run yet
check_room() {
  local place free available needed
  for place in /var/lib/berth /var/lib/docker; do
    [[ -d $place ]] || continue
    free=$(free_mb "$place")
    ((free >= MINIMUM_FREE_MB)) || fail "$place has $free MB free, a release needs $MINIMUM_FREE_MB: remove what is not needed (sudo docker image ls, sudo journalctl --vacuum-size=100M) or give the machine a bigger disk"
  done
  available=$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
  needed=$((MINIMUM_MEMORY_MB + $(memory_of_added)))
  ((available >= needed)) || fail "$available MB of memory are available, the new services beside the old may take $needed: choose a bigger size"
}

validate_files() {
  local check path
  while IFS=$'\t' read -r _ _ _ check _ path; do
    [[ $check == - ]] || "check_$check" "$release/files$path" || fail "$path is not valid: $(tail -n 3 "$step_log" | scrub | tr '\n' ' ')"
  done < <(table "$release/files.tsv")
  [[ -z ${ADOPTED:-} ]] || is_proven "$release/files/etc/berth/firewall.nft.conf" ||
    fail "no login has come through the new rules of this machine's firewall, so they are not put in force: let them be tried again, by pulumi up --replace '**-ready'"
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
  remove_proxy_files
  activate_all
}

same_file() { [[ -e $3 ]] && cmp -s "$release/files$3" "$3" && [[ $(stat -c '%04a %u:%g' "$3") == "$1 $2" ]]; }

place_file() {
  install -d -m 0755 "$(dirname "$3")"
  install -m "$1" -o "${2%:*}" -g "${2#*:}" "$release/files$3" "$3.berth-new"
  mv -T "$3.berth-new" "$3"
}

activate_all() {
  local what
  # Rules that somebody took away or changed come back with the file unchanged; those on trial are of some other one, or stay
  in_trial && activate[firewall]=1
  [[ -z ${ADOPTED:-} ]] || look_at_bridges
  firewall_in_force || activate[firewall]=1
  [[ -z $(disabled_units) ]] || activate[systemd]=1
  for what in systemd journal sysctl authorities docker firewall ssh nginx; do
    [[ -z ${activate[$what]:-} ]] || "activate_$what"
  done
  activate=()
}

activate_systemd() { systemctl daemon-reload; disabled_units | xargs --no-run-if-empty systemctl enable --quiet; }

# Programs keep their streams to it
activate_journal() { systemctl restart systemd-journald.service; }

activate_sysctl() { [[ ! -e /etc/sysctl.d/berth.conf ]] || /usr/lib/systemd/systemd-sysctl berth.conf; }

# live-restore keeps containers over a restart; a first start has none
activate_docker() {
  systemctl daemon-reload
  systemctl reset-failed docker.service 2>/dev/null || true
  systemctl restart docker.service
  await_engine
}

await_engine() { timeout 60 bash -c 'until docker version >/dev/null 2>&1; do sleep 0.2; done'; }

activate_firewall() {
  hold_trial
  [[ ! -e /etc/berth/firewall.nft.conf ]] || systemctl restart berth-firewall.service
}

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
