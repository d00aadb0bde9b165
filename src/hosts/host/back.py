"""Brings a former release back, from what lies on the machine: by the engine of the live one, under the lock of releases."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import former
import how
import job_records
import lock
import way_back
from check import told_steps
from converge import converge
from history import Record, read_history
from killed import put_back_killed
from live import Live
from look import live_of, look
from machine import Machine
from release import FormatError, Release, read_release
from steps import Plan
from tell import Refused


@dataclass(frozen=True)
class Way:
    """`refused` says why it is not taken; empty where it may be."""

    live: Live
    target: Record
    folder: Path
    release: Release
    steps: Sequence[dict[str, str]]
    refused: str = ""


def kept(machine: Machine) -> Sequence[str]:
    """Releases whose folder stands."""
    return [path.name for path in machine.releases.iterdir()] if machine.releases.is_dir() else []


def find(machine: Machine, present: Release, to: str, really: bool) -> Way:
    """@raises Refused where there is no such release"""
    live = live_of(machine, present)
    records = read_history(machine)
    left = how.left(how.read(machine), records)
    target = way_back.chosen(records, kept(machine), live.release, to, left)
    folder = machine.releases / target.release
    try:
        release = read_release(folder)
    except (OSError, FormatError, ValueError, KeyError, TypeError):
        raise Refused(f"{target.version} was released by an older berth: deploy that version instead") from None
    seen = look(machine, release)
    made: Plan = ()
    refused = ""
    try:
        if seen.engine == "stopped" and release.images:
            raise Refused("docker is not running on this machine: sudo systemctl start docker, then ask again")
        made = way_back.steps_back(seen, release)
        # What is live may not be what the current link leads to
        served = former.release_in(machine.releases / live.release) or present
        names = {job.name for job in (*served.jobs, *release.jobs)}
        known = {name: record for name in names if (record := job_records.read(machine, name))}
        moves = "" if really else way_back.moved(served, release, known)
        refused = way_back.why_moved(machine.system, target.version, moves) if moves else ""
    except Refused as error:
        refused = str(error)
    return Way(live, target, folder, release, told_steps(machine, seen, made, folder), refused)


def bring(machine: Machine, present: Release, folder: Path, way: Way, by: str, really: bool) -> int:
    """
    Takes the way that was shown.
    @param folder of the release whose engine this is
    """
    began = time.monotonic()
    held = lock.take_lock(machine)
    if held is None:
        print(
            f"error: another release is still running on this machine after {lock.PATIENCE_SECONDS} s: nothing was done",
            file=sys.stderr,
        )
        return 75
    lock.waited(time.monotonic() - began)
    try:
        again = find(machine, present, way.target.release, really)
        if again.refused or again.live.release != way.live.release:
            raise Refused(again.refused or f"{again.live.version} has gone live meanwhile: nothing was done, ask again")
        code = lock.run_as_unit(*lock.engine(folder, "back", str(way.folder), by))
        if code == lock.KILLED:
            print("error: it was killed before its end: run it again", file=sys.stderr)
            put_back_killed(machine, way.release)
        return code
    finally:
        lock.done()


def back(machine: Machine, release: Release, folder: Path, by: str) -> int:
    """In a unit of its own. @param folder of the former release, where it stays"""
    try:
        return converge(machine, release, folder, by, how.ROLLBACK)
    except Refused as error:
        machine.tell.say(f"error: {error}")
        return 1
