"""Receives a release that was unpacked: waits its turn, and runs it so that a lost connection does not stop it."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

import history
import how
import lock
import release_figures
import trial
from differences import in_place
from look import RULES, current, half_changed, look
from machine import Machine
from release import Release

# What carries a release out is imported where one is: most often there is nothing to do


def start(machine: Machine, release: Release, folder: Path) -> int:
    began = time.monotonic()
    # This login is a new one
    trial.record_proof(machine, folder / f"files{RULES}")
    held = lock.take_lock(machine)
    if held is None:
        print(
            f"error: another release is still running on this machine after {lock.PATIENCE_SECONDS} s, this one was not started: see"
            f" sudo journalctl -u {lock.UNIT}",
            file=sys.stderr,
        )
        shutil.rmtree(folder, ignore_errors=True)
        return 75
    # Where nobody listens any more this ends here: a later release may have come in the meantime
    lock.waited(time.monotonic() - began)
    try:
        return _release(machine, release, folder)
    finally:
        for left in (folder, machine.logins):
            shutil.rmtree(left, ignore_errors=True)
        lock.done()


def _release(machine: Machine, release: Release, folder: Path) -> int:
    # Of another release it is known without a look
    if current(machine) == release.name and not half_changed(machine):
        seen = look(machine, release)
        if in_place(seen, release):
            history.note_live(machine, seen.live.release, seen.live.version)
            release_figures.note_in_place(machine)
            how.note(machine, release.name)
            return history.confirm(machine, release)
    # Loaded now: the unit moves the folder that its file lies in
    import killed

    _keep_logins(machine, folder)
    began = time.monotonic()
    code = lock.run_as_unit(*lock.engine(folder, "converge", str(folder), how.who()))
    if code == lock.KILLED:
        print(
            f"error: the release was killed before its end: run pulumi up again, and see sudo journalctl -u {lock.UNIT}",
            file=sys.stderr,
        )
        release_figures.note(machine, False, time.monotonic() - began)
        killed.put_back_killed(machine, release)
    return code


def _keep_logins(machine: Machine, folder: Path) -> None:
    """Logins at registries lie in memory alone."""
    kept = machine.logins
    shutil.rmtree(kept, ignore_errors=True)
    logins = folder / "logins.json"
    if logins.exists():
        kept.mkdir(mode=0o700)
        shutil.move(str(logins), str(kept / "logins.json"))
