#!/bin/bash
# The machine's own nginx as its edge: its configuration is tried before it is in place, and taken up by a reload.
# shellcheck disable=SC2034,SC2153,SC2154 # variables are shared by the parts of converge.sh
certificate_settings=/etc/berth/$SYSTEM/acme/config

has_nginx() { [[ $routes == *.conf ]]; }

# Everything that nginx reads, with one file in another's place, which it alone sees
nginx_accepts() {
  local stage code=0
  stage=$(mktemp -d /run/berth-nginx.XXXXXX)
  [[ ! -d $(dirname "$2") ]] || cp -a "$(dirname "$2")/." "$stage"
  cp "$1" "$stage/$(basename "$2")"
  # shellcheck disable=SC2016 # expanded by the inner shell
  unshare --mount bash -c 'mount --bind "$1" "$2" && exec nginx -t -q' _ "$stage" "$(dirname "$2")" || code=$?
  rm -rf "$stage"
  return "$code"
}

check_nginx() { nginx_accepts "$1" "${1#"$release"/files}"; }

activate_nginx() {
  drop_placeholder
  nginx -t -q
  systemctl reload-or-restart nginx.service
}

# Debian's own welcome page, as long as nobody made something of it
drop_placeholder() {
  local link=/etc/nginx/sites-enabled/default
  [[ -L $link && $(readlink -f "$link") == /etc/nginx/sites-available/default ]] || return 0
  [[ $(dpkg --verify nginx-common || true) == *sites-available/default* ]] || rm -f "$link"
}

# It shows what the routes say, which a release that was killed may have left out; it has its certificate
ensure_nginx() {
  systemctl is-active --quiet nginx.service || systemctl restart nginx.service
  [[ ! -f $routes ]] || edge_follows "$any_status" || true
  [[ -f $certificate_settings ]] || return 0
  ensure_certificate
}

# Renewals are the timer's; here it is the first one, or one that has ended
ensure_certificate() {
  local names place
  names=$(cut -d '>' -f 1 "/etc/berth/$SYSTEM/acme/domains")
  place=$(sed -n 's/^CERTDIR=//p' "$certificate_settings")/$SYSTEM
  certificate_serves "$place/fullchain.pem" "$names" && return
  say "  asking for a certificate of $names"
  install -d -m 0755 "$sources" "$(sed -n 's/^WELLKNOWN=//p' "$certificate_settings")"
  { dehydrated --config "$certificate_settings" --register --accept-terms && dehydrated --config "$certificate_settings" --cron --force; } ||
    fail "no certificate for $names: DNS must lead the name to this machine, and its port 80 must be open to the internet (an authority takes few failed tries an hour): $(grep -v '^ *$' "$step_log" | tail -n 4 | scrub | tr '\n' ' ')"
}

certificate_serves() {
  local name
  [[ -f $1 ]] && openssl x509 -in "$1" -noout -checkend 86400 >/dev/null || return 1
  for name in $2; do openssl x509 -in "$1" -noout -checkhost "$name" | grep -q 'does match' || return 1; done
}
