# shellcheck shell=bash
# Read by scripts that start a database

# The memory that its server may plan with, in MB: the machine's, or the container's where it has a limit. Of a machine that is
# itself a container the host says its limit.
memory_mb() {
  local mb limit
  mb=${MACHINE_MEMORY_MB:-$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)}
  limit=$(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null | head -n 1 || true)
  if [[ $limit =~ ^[0-9]+$ ]] && ((limit / 1048576 < mb)); then mb=$((limit / 1048576)); fi
  echo "$mb"
}
