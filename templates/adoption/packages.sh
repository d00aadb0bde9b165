#!/bin/bash
# Debian packages: waiting for the locks of apt and dpkg, and the packages that a release needs.
# The oldest docker-ce whose health checks support `start_interval`
# shellcheck disable=SC2034 # read by adopt.sh
oldest_engine=25.0
package_lock_seconds=600
export DEBIAN_FRONTEND=noninteractive

# Runs a command once no other process holds a lock of apt or dpkg, and prints the process that it waits for. apt waits for
# only one of the locks, dpkg for none. If the command fails because a lock was taken in between, it waits again
with_package_locks() {
  local holder code end=$((SECONDS + package_lock_seconds)) said=''
  while :; do
    holder=$(package_lock_holder)
    if [[ -z $holder ]]; then
      code=0
      "$@" || code=$?
      holder=$(package_lock_holder)
      [[ $code -ne 0 && -n $holder ]] || return "$code"
    fi
    if ((SECONDS >= end)); then
      say "error: the packages have been locked for $package_lock_seconds s by $holder: wait for it to end, or stop it, then deploy again"
      return 1
    fi
    [[ $holder == "$said" ]] || say "  waiting for $holder, which changes packages"
    said=$holder
    sleep 1
  done
}

# Prints the command and id of the process that holds a lock
package_lock_holder() {
  local file pid
  for file in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock; do
    [[ -e $file ]] || continue
    while read -r pid; do
      # Another file system may have a file with the same inode number
      [[ -n $(find "/proc/$pid/fd" -lname "$file" -print -quit 2>/dev/null) ]] || continue
      echo "$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | cut -c 1-80 | sed 's/ *$//') (process $pid)"
      return
    done < <(awk -v inode="$(stat -c %i "$file")" '$2 == "POSIX" && $4 == "WRITE" && $6 ~ ":" inode "$" { print $5 }' /proc/locks)
  done
}

update_packages() { with_package_locks apt-get -o Acquire::Retries=5 update -q; }
install_packages() { with_package_locks apt-get -o Acquire::Retries=5 install -q -y --no-remove --no-install-recommends -o Dpkg::Options::=--force-confold "$@"; }

is_installed() { [[ $(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# Prints the packages of a list that this machine needs. If docker-ce is installed, Debian's docker packages are left out
packages_needed() {
  if is_installed docker-ce; then grep -vxE '#.*|docker\.io|docker-cli|docker-compose' "$1"; else grep -v '^#' "$1"; fi || true
}
