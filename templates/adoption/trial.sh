#!/bin/bash
# New rules of the firewall on a machine that others use too: in force for a while, after which the former ones come back
# by themselves. A login that comes through them meanwhile proves that they lock nobody out (src/hosts/host/trial.py).
trial=/run/berth-firewall
trial_seconds=${TRIAL_SECONDS:-120}
trial_timer=berth-firewall-revert.timer
proven=/var/lib/berth/firewall-proven

# The former rules are those in force, whatever file they came from; the way back is armed before the new ones are
begin_trial() {
  take_back_trial
  install -d -m 0700 "$trial"
  printf 'table inet berth\ndelete table inet berth\n' >"$trial/former.nft"
  nft list table inet berth >>"$trial/former.nft" 2>/dev/null || true
  install -m 0600 "$1" "$trial/rules.nft"
  nft --check --file "$trial/former.nft"
  systemd-run --quiet --collect --on-active="$trial_seconds" --unit="${trial_timer%.timer}" \
    --timer-property=AccuracySec=1s --timer-property=RemainAfterElapse=no \
    /bin/sh -c "rm -f $trial/rules.nft; exec nft -f $trial/former.nft"
  nft -f "$1"
}

is_proven() { [[ -f $proven && $(sha256sum <"$1") == "$(<"$proven")" ]]; }

in_trial() { [[ -d $trial ]]; }

# The rules are about to be in force for good: nothing may put others in their place
hold_trial() { systemctl stop "$trial_timer" 2>/dev/null || true; }

take_back_trial() {
  in_trial || return 0
  hold_trial
  nft -f "$trial/former.nft"
  rm -rf "$trial"
}
