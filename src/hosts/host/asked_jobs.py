"""Jobs that a person asks for, and those whose time has come: of the release that is live."""

from __future__ import annotations

import signal
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import jobs
from look import live_of
from machine import Machine, ProgramFailed
from release import Release
from tell import Refused

_BUSY = 75


def run_asked(machine: Machine, release: Release, folder: Path, name: str, words: Sequence[str] = ()) -> int:
    """
    Of the live release; what it says is streamed to standard output.
    @param words its parameters, NAME=VALUE
    @returns the code of the step that failed, or 0
    """
    job = release.job(name)
    if job is None:
        there = ", ".join(one.name for one in release.jobs) or "none"
        print(f"error: this machine has no job {name}: it has {there}", file=sys.stderr)
        return 2
    given = dict(word.partition("=")[::2] for word in words)
    unknown = [one for one in given if one not in job.parameters]
    if unknown:
        there = ", ".join(job.parameters) or "none"
        print(f"error: job {name} has no parameter {unknown[0]}: there are {there}", file=sys.stderr)
        return 2
    last: deque[str] = deque(maxlen=jobs.LAST_LINES)
    signal.signal(signal.SIGTERM, _stop)

    def said(line: str) -> None:
        last.append(line)
        machine.tell.report(line)

    with jobs.alone(machine, job, 0) as first:
        if not first:
            machine.tell.say(f"error: job {name} is already running: nothing was started")
            return _BUSY
        try:
            ended = jobs.run(machine, release, folder, job, live_of(machine, release).services, said, given)
        except (Refused, ProgramFailed, OSError) as error:
            ended = jobs.Ended(1, f"was not run: {machine.tell.scrub(str(error))}")
    for line in last:
        machine.tell.journal(f"{name}: {line}")
    machine.tell.say(f"error: job {name} {ended.why}" if ended.why else f"job {name} succeeded")
    return ended.code


def _stop(number: int, _frame: object) -> None:
    """Its container goes first."""
    raise SystemExit(128 + number)
