#!/bin/bash
# How this machine reaches what is outside, where it can't by itself: packages, images, builds, and whom they trust.
# shellcheck disable=SC2004,SC2034,SC2153,SC2154 # variables are shared by the parts of converge.sh

# The machine's own files, which say the same, come later
packages_by_proxy() {
  local settings=$release/files/etc/apt/apt.conf.d/80berth-proxy
  [[ -f $settings ]] || return 0
  install -m 0644 "$settings" /run/berth-apt.conf
  if [[ -f $release/authority.pem ]]; then
    with_authority >/run/berth-apt.pem
    echo 'Acquire::https::CAInfo "/run/berth-apt.pem";' >>/run/berth-apt.conf
  fi
  export APT_CONFIG=/run/berth-apt.conf
}

# Whom the machine trusts, and the authority of its proxy; a machine without ca-certificates trusts nobody yet
with_authority() { cat /etc/ssl/certs/ca-certificates.crt 2>/dev/null || true; cat "$release/authority.pem"; }

# Of the former release's files those that would go on leading to a proxy that is none any more
remove_proxy_files() {
  local activation path
  [[ -f $state/current/files.tsv ]] || return 0
  while IFS=$'\t' read -r _ _ _ _ activation path; do
    [[ $path == *berth-proxy* && -e $path && ! -e $release/files$path ]] || continue
    install -d -m 0700 "$backup$(dirname "$path")"
    cp -a "$path" "$backup$path"
    printf '%s\t%s\n' "$activation" "$path" >>"$backup/changed"
    rm -f "$path"
    [[ $activation == - ]] || activate[$activation]=1
  done < <(table "$state/current/files.tsv")
}

# Docker reads them once, when it starts
activate_authorities() {
  update-ca-certificates
  ! command -v dockerd >/dev/null || activate[docker]=1
}

# For programs of root's that ask registries by themselves, not by way of the engine
by_proxy() {
  local variables=()
  [[ ! -f $release/builder.env ]] || mapfile -t variables < <(grep -E '^(HTTPS?|NO)_PROXY=' "$release/builder.env")
  env "${variables[@]}" "$@"
}

# Of the proxy, and whom to trust behind it: those whom the machine knows, and its authority
tell_builder() {
  builder_env=()
  [[ -f $release/builder.env ]] || return 0
  mapfile -t builder_env <"$release/builder.env"
  [[ ! -f $release/authority.pem ]] || with_authority >"$sources/authorities.pem"
}
builder_env=()
