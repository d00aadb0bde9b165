#!/bin/sh
# Boots systemd in a private cgroup namespace. Docker mounts the controllers read-only: on cgroup v1 each is a mount of its
# own, on v2 the root is the only one. Both become writable here, so that nested containers stay inside the machine's limits.
set -eu

mount -o remount,bind,rw /sys/fs/cgroup
for controller in /sys/fs/cgroup/*; do
  if mountpoint -q "$controller"; then
    mount -o remount,bind,rw "$controller"
  fi
done

exec /sbin/init
