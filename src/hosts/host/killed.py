"""The way back of a release that was killed, by the process that waited for it."""

from __future__ import annotations

import converge
import edge
import history
import jobs
from machine import Machine
from release import Release
from replaced import put_back


def put_back_killed(machine: Machine, release: Release) -> None:
    """A release that was killed had no chance of its own way back: the same, from the note that it left."""
    live = converge.look_awake(machine, release).live
    if any(one.release == live.release for one in history.read_begun(machine)):
        history.forget_begun(machine)
    jobs.stop_left(machine, release)
    put_back(machine, "edge")
    put_back(machine, "base")
    edge.say_what_serves(machine, release)
