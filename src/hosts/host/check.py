"""What a machine has otherwise than its release, for `berth status --check`, and what a release would do, for `berth diff`."""

from __future__ import annotations

import json
import sys

import jobs
import lock
from differences import Difference, differences
from look import look
from machine import Machine
from plan import plan
from release import Release


def check(machine: Machine, release: Release) -> int:
    """One line of JSON: the release, its version, and the differences. It only reads."""
    # What stands half way says nothing
    if lock.unit_state(machine) in ("active", "activating", "deactivating"):
        print("a release runs on it at this moment: check it again afterwards", file=sys.stderr)
        return 75
    differing = [*differences(look(machine, release), release)]
    differing += [Difference("job", name, why) for name, why in jobs.failed(machine, release).items()]
    found = [difference._asdict() for difference in differing]
    print(json.dumps({"release": release.name, "version": release.version, "differences": found}))
    return 0


def tell_plan(machine: Machine, release: Release) -> int:
    """One line of JSON: the steps that a release would do, with their reasons."""
    steps = plan(look(machine, release), release)
    told = [{"stage": step.stage, "does": str(step), "reason": step.reason} for step in steps]
    print(json.dumps({"release": release.name, "version": release.version, "steps": told}))
    return 0
