#!/bin/sh
# Runs one step of a job in a pod, in which all steps are started at once: after the steps AFTER, together with TOGETHER,
# which share the pipe /scratch/stream. Where one of them fails, the stream of the others ends.
set -u

state=/scratch/.steps
patience=60

ended() { [ -e "$state/ended-$1" ]; }
failed() { ended "$1" && [ "$(cat "$state/ended-$1")" != 0 ]; }
one_failed() {
  for one in "$@"; do
    if failed "$one"; then return 0; fi
  done
  return 1
}

(umask 0 && mkdir -p "$state")
trap 'exit 143' TERM
# shellcheck disable=SC2086
for one in $AFTER; do
  until ended "$one"; do sleep 0.3; done
  # What the failed step has said and returned is the job's
  if failed "$one"; then
    echo 1 >"$state/ended-$STEP"
    exit 0
  fi
done

if [ "$STEP" = "${TOGETHER%% *}" ]; then
  rm -f /scratch/stream /scratch/whole
  mkfifo /scratch/stream
  chmod 0666 /scratch/stream
  : >"$state/begun-$STEP"
fi
until [ -e "$state/begun-${TOGETHER%% *}" ]; do sleep 0.1; done

(
  "$@" &
  echo $! >"$state/process-$STEP"
  wait $!
  echo $? >"$state/code-$STEP"
  mv "$state/code-$STEP" "$state/ended-$STEP"
) &
stop() { kill -TERM "$(cat "$state/process-$STEP")" 2>/dev/null; }
trap stop TERM
until ended "$STEP"; do
  # shellcheck disable=SC2086
  if one_failed $TOGETHER; then
    # Whoever waits for the other end to be opened finds it opened, and closed
    : <>/scratch/stream
    patience=$((patience - 1))
    if [ "$patience" -eq 0 ]; then stop; fi
  fi
  sleep 0.5
done
exit "$(cat "$state/ended-$STEP")"
