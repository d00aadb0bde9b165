#!/bin/bash
# What went live on this machine, and when. This record alone, never the time of a file, decides what is kept for the way
# back and what goes.
# shellcheck disable=SC2153,SC2154 # variables are shared by the parts of converge.sh
record=$state/history.tsv
pulled=$state/pulled-images
most_records=200

# Time, release, version; the last line is live
note_live() {
  [[ $(went_live 1) != "$1" ]] || return 0
  {
    [[ ! -f $record ]] || tail -n "$((most_records - 1))" "$record"
    printf '%s\t%s\t%s\n' "$(date --utc +%FT%TZ)" "$1" "$2"
  } >"$record.new"
  sync "$record.new"
  mv -T "$record.new" "$record"
}

# The last so many releases that went live, the latest first, each once
went_live() {
  [[ -f $record ]] || return 0
  local records=() found=() at name
  mapfile -t records <"$record"
  for ((at = ${#records[@]} - 1; at >= 0 && ${#found[@]} < $1; at--)); do
    IFS=$'\t' read -r _ name _ <<<"${records[at]}"
    ! listed "$name" "$(printf '%s\n' "${found[@]}")" || continue
    found+=("$name")
    echo "$name"
  done
}

# Whether it is one of these lines
listed() { [[ $'\n'$2$'\n' == *$'\n'$1$'\n'* ]]; }

# A release that was killed after its switch is noted by the next; so is what was live before there was a record
note_former() { [[ -z $live_release ]] || note_live "$live_release" "$live_version"; }

# Images and builds of the release under way, of the live one and of the former one stay: the way back needs no registry.
# Of each, the given table of its folder
of_kept() {
  local name
  { echo "$RELEASE"; went_live 2; } | while read -r name; do
    [[ ! -f $state/releases/$name/$1 ]] || table "$state/releases/$name/$1"
  done
}

prune() {
  note_pulled_before
  prune_releases
  prune_images
  prune_builds
  prune_mirrors
}

# The release under way, the live one and the four before it, with the configuration that they name
prune_releases() {
  local kept folder
  kept=$(echo "$RELEASE"; went_live 5)
  find "$state/releases" -mindepth 1 -maxdepth 1 -printf '%f\n' | while read -r folder; do
    listed "$folder" "$kept" || rm -rf "$state/releases/${folder:?}"
  done
  [[ -d $configuration ]] || return 0
  find "$configuration" -mindepth 2 -maxdepth 2 -type d | while read -r folder; do
    grep -qs "${folder##*/}" "$state"/releases/*/services.tsv "$state"/releases/*/release.env ||
      [[ -n $(! has_engine || docker ps --all --quiet --filter "label=berth.definition=${folder##*/}") ]] || rm -rf "$folder"
  done
}

# On a machine that was released to before there was a record, what its releases name
note_pulled_before() {
  [[ -f $pulled ]] || find "$state/releases" -mindepth 2 -maxdepth 2 -name images ! -path "$release/*" -exec cat {} + | sort -u >"$pulled"
}

# Before it is pulled: what is not noted is not ours to remove
note_pulled() { grep -qsxF "$1" "$pulled" || echo "$1" >>"$pulled"; }

# What can't be removed, since something runs of it, is tried again by the next release
prune_images() {
  has_engine || return 0
  local kept image
  kept=$(of_kept images)
  while read -r image; do
    listed "$image" "$kept" || ! { docker image rm "$image" || ! docker image inspect "$image"; } >&2 || continue
    echo "$image"
  done <"$pulled" >"$pulled.new"
  mv -T "$pulled.new" "$pulled"
}

# Of repositories that no kept release builds from any more
prune_mirrors() {
  local kept mirror
  kept=$(of_kept sources.tsv | cut -f 2 | while read -r mirror; do mirror_of "$mirror"; done)
  for mirror in "$sources"/mirror/*; do
    listed "$mirror" "$kept" || rm -rf "$mirror"
  done
}

# Said only of what is there
say_way_back() {
  local former version image build
  former=$(went_live 2 | sed -n 2p)
  [[ -n $former && -d $state/releases/$former ]] || return 0
  version=$(awk -F '\t' -v release="$former" '$2 == release { version = $3 } END { print version }' "$record")
  while read -r image; do
    docker image inspect "$image" >/dev/null || { say "the way back to $version would pull $image again"; return 0; }
  done <"$state/releases/$former/images"
  [[ ! -f $state/releases/$former/sources.tsv ]] || while IFS=$'\t' read -r build _; do
    [[ -f $sources/builds/$build.commit ]] || { say "the way back to $version would build $build again"; return 0; }
  done < <(table "$state/releases/$former/sources.tsv")
  say "the former release, $version, stays here whole for the way back"
}
