#!/bin/bash
# Trial of new firewall rules on an existing machine: a timer restores the former rules, unless a login under the new rules
# confirms before that SSH is still reachable (src/hosts/host/trial.py).
trial=/run/berth-firewall
trial_seconds=${TRIAL_SECONDS:-120}
trial_timer=berth-firewall-revert.timer
proven=/var/lib/berth/firewall-proven

# Saves the active rules as the former ones, and starts the timer before it applies the new rules
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

# Stops the timer, before rules are applied permanently
hold_trial() { systemctl stop "$trial_timer" 2>/dev/null || true; }

take_back_trial() {
  in_trial || return 0
  hold_trial
  nft -f "$trial/former.nft"
  rm -rf "$trial"
}
