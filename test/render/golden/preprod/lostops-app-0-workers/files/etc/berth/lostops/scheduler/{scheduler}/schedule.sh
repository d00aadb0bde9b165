#!/bin/sh
# Runs at each minute what the application has planned for it, as cron would: one that takes longer is in no other's way.
# Asked to stop, it begins nothing more and waits for what is under way.
php artisan help schedule:run >/dev/null || exit
trap 'kill "$pause"; wait; exit 0' TERM
while :; do
  sleep "$((60 - $(date +%s) % 60))" &
  pause=$!
  wait "$pause"
  php artisan schedule:run &
done
