"""What a machine has otherwise than its release, for `berth status --check`, and what a release would do, for `berth diff`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import definition
import how
import jobs
import lock
from differences import Difference, differences
from history import read_history
from look import Look, half_changed, look
from machine import Machine
from plan import plan
from release import Release
from steps import Plan, Replace, Start, Step

TRY_AGAIN = 75


def check(machine: Machine, release: Release) -> int:
    """One line of JSON: the release, its version, and the differences. It only reads."""
    if is_released(machine):
        return TRY_AGAIN
    found = [difference._asdict() for difference in differing(machine, release, look(machine, release))]
    print(json.dumps({"release": release.name, "version": release.version, "differences": found}))
    return 0


def differing(machine: Machine, release: Release, seen: Look) -> list[Difference]:
    failed = [Difference("job", name, why) for name, why in jobs.failed(machine, release).items()]
    return [*how.apart(how.read(machine), read_history(machine)), *differences(seen, release), *failed]


def tell_plan(machine: Machine, release: Release, folder: Path) -> int:
    """
    One line of JSON: the version that is live, the one that comes, and the steps to it with their reasons. It only reads,
    without the lock of releases.
    @param folder where the release was unpacked
    """
    if is_released(machine):
        return TRY_AGAIN
    seen = look(machine, release)
    if seen.engine == "stopped" and release.images:
        print(
            "docker is not running on it, so its containers can't be checked: a release starts docker first",
            file=sys.stderr,
        )
        return TRY_AGAIN
    steps = told_steps(machine, seen, plan(seen, release), folder)
    if half_changed(machine):
        does = "restore partly changed host files, then check again"
        steps.insert(0, {"stage": "start", "does": does, "reason": "a release was killed"})
    print(json.dumps({"live": seen.live.version, "version": release.version, "steps": steps}))
    return 0


def told_steps(machine: Machine, seen: Look, made: Plan, folder: Path) -> list[dict[str, str]]:
    return [
        {"stage": step.stage, "does": str(step), "reason": machine.tell.scrub(_why(machine, seen, step, folder))}
        for step in made
    ]


def is_released(machine: Machine) -> bool:
    """What stands half way says nothing."""
    if lock.unit_state(machine) not in ("active", "activating", "deactivating"):
        return False
    print("a release is running on it: check again afterwards", file=sys.stderr)
    return True


def _why(machine: Machine, seen: Look, step: Step, folder: Path) -> str:
    """For a service whose definition changes, also what of it."""
    if not isinstance(step, (Start, Replace)) or not seen.live.release:
        return step.reason
    file = "colours.yaml" if isinstance(step, Start) else "base.yaml"
    changes = definition.changes(machine.releases / seen.live.release / file, folder / file, step.service.name)
    return f"{step.reason}: {changes}" if changes else step.reason
