#!/bin/sh
# As the production image: flags and subcommands go to filebeat, anything else is a program of its own.
set -eu

case "${1:-}" in
  -* | export | help | keystore | modules | run | setup | test | version) set -- filebeat "$@" ;;
esac

exec "$@"
