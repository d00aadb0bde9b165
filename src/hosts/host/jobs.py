"""
What runs to its end in containers or as programs of its own, step after step: never twice at once, no longer than its
deadline, and nothing of it is left.
"""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import time
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Callable, NamedTuple

import job_records
import programs
from act import Work
from job_steps import StepsOf, run_together, together
from live import Standing
from machine import Machine
from release import Job, JobStep, Release
from services import choices, make_networks
from steps import RunJob
from tell import Refused

_OVERDUE = 124
LAST_LINES = 30
_MOST_TRIES = 10


class Ended(NamedTuple):
    """`why` follows the job's name in a sentence; it is empty where the job did what it had to."""

    code: int
    why: str


def run_job(work: Work, step: RunJob) -> None:
    """At a release: one that fails ends it, with its last lines."""
    machine, job = work.machine, step.job
    last: deque[str] = deque(maxlen=LAST_LINES)
    with alone(machine, job, job.deadline_seconds) as first:
        if not first:
            raise Refused(f"job {job.name} is already running, and has not ended within {job.deadline_seconds} s")
        live = {**work.led, **work.seen.live.services}
        ended = run(machine, work.release, work.folder, job, live, last.append)
    if ended.why:
        machine.tell.say(f"the last lines of job {job.name}:")
        machine.tell.say_lines("\n".join(last))
        raise Refused(f"job {job.name} {ended.why}: the new release was not started")
    machine.tell.say(f"job {job.name} succeeded")


def failed(machine: Machine, release: Release) -> Mapping[str, str]:
    """Jobs of the live release whose last run failed, each with why. One that runs at this moment is no such job."""
    found: dict[str, str] = {}
    for job in release.jobs:
        if _failure(machine, job) is None:
            continue
        with alone(machine, job, 0) as first:
            # It may have ended well since
            record = _failure(machine, job) if first else None
            if record:
                found[job.name] = f"{record.result}, begun at {time.strftime('%F %T', time.gmtime(record.began))} UTC"
    return found


def _failure(machine: Machine, job: Job) -> job_records.JobRecord | None:
    record = job_records.read(machine, job.name)
    return None if record is None or record.result == "" or record.definition != job.definition else record


def stop_left(machine: Machine, release: Release) -> None:
    """Of a release that was killed: what its jobs had begun goes on working otherwise, with nobody to see its end."""
    for job in release.jobs:
        with alone(machine, job, 0) as first:
            if first:
                _remove(machine, job)


@contextlib.contextmanager
def alone(machine: Machine, job: Job, patience_seconds: float) -> Iterator[bool]:
    """Whoever runs it holds its lock, which goes with the process; gives whether it was to be had in time."""
    folder = job_records.folder(machine)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    end = time.monotonic() + patience_seconds
    with open(folder / f"{job.name}.lock", "a", encoding="utf-8") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() >= end:
                    yield False
                    return
                time.sleep(0.2)
                continue
            yield True
            return


def run(
    machine: Machine,
    release: Release,
    folder: Path,
    job: Job,
    live: Mapping[str, Standing],
    said: Callable[[str], None],
    given: Mapping[str, str] | None = None,
) -> Ended:
    """
    All its steps, within its deadline; what it says comes without secrets, line by line.
    @param given the parameters that whoever asked for it has set
    """
    began = time.monotonic()
    # What a run that was killed left, which may still work
    _remove(machine, job)
    scratch = job_records.folder(machine) / f"{job.name}.scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    # Steps may be users of their own
    scratch.chmod(0o1777)
    record = job_records.begin(machine, release, job)
    # Those of other jobs, too, which the file names
    env = {**choices(release, live), **{_variable(step): step.definition for one in release.jobs for step in one.steps}}
    called = {name for step in job.steps for name in step.calls if name in live}
    if any(step.program is None for step in job.steps):
        make_networks(machine, "base", *(f"{name}-{live[name].colour}" for name in sorted(called)))
    ended = Ended(1, "was stopped before its end")
    try:
        of = StepsOf(machine, folder, scratch, env, given or {}, began + job.deadline_seconds, said)
        number = 1
        for steps in together(job.steps):
            failed, code = run_together(of, steps)
            ended = Ended(_OVERDUE if code is None else code, _why(job, number + failed, code))
            if code != 0:
                break
            number += len(steps)
    finally:
        _remove(machine, job)
        told = job_records.told_in(scratch)
        shutil.rmtree(scratch, ignore_errors=True)
        job_records.end(machine, record, ended.why, time.monotonic() - began, told)
    return ended


def _why(job: Job, number: int, code: int | None) -> str:
    if code == 0:
        return ""
    where = f"at step {number} of {len(job.steps)} " if len(job.steps) > 1 else ""
    if code is None:
        return f"{where}had not ended within its deadline of {job.deadline_seconds} s and was stopped"
    return f"{where}ended with code {code}"


def _variable(step: JobStep) -> str:
    return f"{step.service.upper().replace('-', '_')}_RELEASE"


def _remove(machine: Machine, job: Job) -> None:
    """Its containers go by themselves, too, perhaps at this moment."""
    for step in job.steps:
        if step.program:
            programs.stop(machine, step.program)
    if all(step.program for step in job.steps):
        return
    labels = ("--filter", f"label=berth.system={machine.system}", "--filter", f"label=berth.job={job.name}")
    for _ in range(_MOST_TRIES):
        left = machine.ask("docker", "ps", "--all", "--quiet", *labels).out.split()
        if not left:
            return
        for one in left:
            machine.works("docker", "stop", one)
            machine.works("docker", "rm", "--force", one)
    raise Refused(f"a container of job {job.name} can't be removed: {machine.tell.last_line()}")
