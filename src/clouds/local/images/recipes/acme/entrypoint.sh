#!/usr/bin/env bash
# Gives Pebble's directory a certificate for the names in HOSTS, then runs the given command.
set -euo pipefail

data=/data

main() {
  [[ -n "${HOSTS:-}" ]] || fail 'HOSTS is empty: give the names and addresses of the directory, separated by commas'
  make_authority
  make_certificate
  exec "$@" ${NAME_SERVER:+-dnsserver "$NAME_SERVER"}
}

make_authority() {
  [[ -s "$data/ca.pem" && -s "$data/ca-key.pem" ]] && return
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj '/CN=berth local ACME directory' \
    -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -keyout "$data/ca-key.pem" -out "$data/ca.new" 2>/dev/null
  mv "$data/ca.new" "$data/ca.pem"
}

make_certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 825 -subj '/CN=ACME directory' \
    -CA "$data/ca.pem" -CAkey "$data/ca-key.pem" -addext "subjectAltName=$(alternative_names)" \
    -addext 'basicConstraints=critical,CA:FALSE' -addext 'extendedKeyUsage=serverAuth' \
    -keyout "$data/directory-key.pem" -out "$data/directory.pem" 2>/dev/null
}

# HOSTS as an X.509 extension wants it: DNS:acme.test,IP:192.0.2.1
alternative_names() {
  local host names=''
  local -a hosts
  IFS=', ' read -r -a hosts <<<"$HOSTS"
  for host in "${hosts[@]}"; do
    if [[ "$host" =~ ^[0-9.]+$ || "$host" == *:* ]]; then
      names+="${names:+,}IP:$host"
    else
      names+="${names:+,}DNS:$host"
    fi
  done
  printf '%s' "$names"
}

fail() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

main "$@"
