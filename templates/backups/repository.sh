# shellcheck shell=sh
# Read by the scripts beside it: what is wrong with the repository is said in words, and restic is told whose backups are meant.

# Where the repository of this data was found by the last backup from this disk
noted=/cache/$NAME.repository

# For repositories on an SSH server
ssh_option='sftp.args=-F /etc/berth/ssh.conf'

fail() {
  echo "error: $1" >&2
  exit 1
}

repository() { restic -o "$ssh_option" "$@"; }

# Those that are restored where nothing else is asked for; what a restore over live data keeps before it has another tag
of_data() { repository "$@" --host "$SYSTEM" --tag "$NAME,regular"; }

# Sets `id`, which stays empty where there is no repository
find_repository() {
  id=$(timeout 120 restic -o "$ssh_option" cat config --no-lock 2>/tmp/why)
  code=$?
  case $code in 0 | 10 | 12) ;; *) cat /tmp/why >&2 ;; esac
  case $code in
    0) id=$(echo "$id" | sed -n 's/.*"id": *"\([0-9a-f]*\)".*/\1/p') ;;
    10) id='' ;;
    12) fail "the password is not that of the repository: nothing was done, and what it holds is whole. The secret of its password has to be the one that it was made with" ;;
    124 | 143)
      # On Azure restic waits for a bucket that is not there, which its own message says
      ! grep -q ContainerNotFound /tmp/why || fail 'the bucket of the repository is gone, or was never made: nothing was done'
      fail 'the repository has not answered within 120 s: nothing was done'
      ;;
    *) fail "the repository can't be read, as said above: nothing was done" ;;
  esac
}

# Writes to the repository. On a full disk restic tries again for a quarter of an hour or longer: it is ended instead
write_repository() {
  rm -f /tmp/said
  mkfifo /tmp/said
  restic -o "$ssh_option" "$@" 2>/tmp/said &
  writer=$!
  full=''
  while IFS= read -r line; do
    printf '%s\n' "$line" >&2
    case $line in
      *[Nn]'o space left on device'* | *[Dd]'isk quota exceeded'*)
        [ -n "$full" ] || kill "$writer"
        full=yes
        ;;
    esac
  done </tmp/said
  wait "$writer"
  code=$?
  [ -z "$full" ] || echo 'error: the disk of the repository is full' >&2
  return "$code"
}

need_repository() {
  find_repository
  [ -n "$id" ] || fail 'there is no repository at its place: it is gone, or was never made'
}

# A repository that is suddenly new is one that was lost, and a disk that is suddenly new has nothing to keep yet
open_repository() {
  find_repository
  if [ "${NEW:-}" != yes ]; then
    if [ -z "$id" ] && [ -s "$noted" ]; then
      fail "the repository is gone, with the former backups: bring it back, or begin a new one by berth backup <stack> $SYSTEM --new"
    elif [ -n "$id" ] && [ -s "$noted" ] && [ "$id" != "$(cat "$noted")" ]; then
      fail "another repository is at the place of the one with the former backups: if that is meant, berth backup <stack> $SYSTEM --new"
    elif [ -n "$id" ] && [ ! -s "$noted" ] && of_data snapshots --json --no-lock --latest 1 | grep -q short_id; then
      fail "this disk is new, and the repository holds backups of the one before it: restore them by berth restore <stack> $SYSTEM --over, or begin with what is here by berth backup <stack> $SYSTEM --new"
    fi
  fi
  if [ -z "$id" ]; then
    repository init --quiet || fail "the repository can't be made, as said above"
    find_repository
  fi
}

note_repository() { echo "$id" >"$noted"; }
