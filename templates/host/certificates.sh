#!/bin/bash
# Certificates: what the edge shows for each of its names, and what asks once more for those that are missing.
# shellcheck disable=SC2034,SC2153,SC2154 # variables are shared by the parts of converge.sh
certificate_timer=berth-certificate-$SYSTEM.timer
certificate_seconds=60
# Refusals of the authority count since then
certificates_asked_at=24h

certificate_names() { [[ ! -f $release/certificates ]] || table "$release/certificates"; }

# Why a name has no certificate; nothing where the edge shows one for it that lasts another day
certificate_lacking() {
  local shown refusal
  if ! shown=$(timeout 5 openssl s_client -connect "127.0.0.1:$EDGE_PORT" -servername "$1" </dev/null 2>/dev/null | openssl x509 2>/dev/null); then
    echo "is missing: the edge answers without one"
  elif ! openssl x509 -noout -checkhost "$1" <<<"$shown" | grep -q 'does match'; then
    refusal=$(certificate_refusal "$1")
    echo "is missing${refusal:+: $refusal}"
  elif ! openssl x509 -noout -checkend 86400 <<<"$shown" >/dev/null; then
    echo "has its end at $(openssl x509 -noout -enddate <<<"$shown" | cut -d = -f 2)"
  fi
}

# What the authority last said of a name, as Traefik logged it
certificate_refusal() {
  has_engine || return 0
  docker logs --since "$certificates_asked_at" "$(container_of traefik edge)" 2>&1 | sed 's/\x1b\[[0-9;]*m//g' |
    grep -F 'Unable to obtain ACME certificate' | grep -F "$1" | tail -n 1 | sed -E 's/.*error="(([^"\\]|\\.)*)".*/\1/; s/\\n/ /g' | cut -c 1-400
}

certificate_differences() {
  local name lacking
  # An edge that does not run is told as such
  [[ -n $(ss -Hltn "sport = :$EDGE_PORT") ]] || return 0
  while read -r name; do
    lacking=$(certificate_lacking "$name")
    [[ -z $lacking ]] || differs certificate "$name" "$lacking"
  done < <(certificate_names)
}

# Traefik asks for what it lacks each time that it reads other routes, which the switch was; a name that does not lead here
# yet keeps no release from serving, since its address is told only by the first
await_certificates() {
  local name lacking end=$((SECONDS + certificate_seconds))
  while read -r name; do
    while lacking=$(certificate_lacking "$name") && [[ $lacking == "is missing" ]] && ((SECONDS < end)); do sleep 1; done
    [[ -z $lacking ]] || say "warning: the certificate of $name $lacking. DNS must lead the name to this machine, and its port 80 must be open to the internet; it is asked for again every quarter of an hour, and by each release"
  done < <(certificate_names)
  [[ ! -f /etc/systemd/system/$certificate_timer ]] || systemctl enable --quiet --now "$certificate_timer"
}

# Other routes beside the release's own make Traefik read all of them anew
ask_for_certificates() {
  printf '# Asked for missing certificates at this time\nhttp: { middlewares: { asked: { headers: { customResponseHeaders: { Asked: "%s" } } } } }\n' "$EPOCHSECONDS" >"$state/edge/asked.new"
  chmod 0644 "$state/edge/asked.new"
  mv -T "$state/edge/asked.new" "$state/edge/asked.yaml"
}
