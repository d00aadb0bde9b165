#!/bin/sh
# As the production image: flags and subcommands go to traefik, anything else is a program of its own.
set -eu

case "${1:-}" in
  -* | healthcheck | version | help) set -- traefik "$@" ;;
esac

exec "$@"
