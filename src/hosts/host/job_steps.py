"""
The steps of a job: containers, one after the other, or a step that streams together with the one that reads. The stream is
a pipe in their shared folder, so that what goes through it lies on no disk and in no log.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Callable, NamedTuple

import programs
from builds import ensure_user
from machine import Machine
from release import JobStep

STREAM = "stream"
# Left by who writes to a stream when it was all; that of a former stream says nothing of the next
_WHOLE = "whole"
_GRACE_SECONDS = 30


class StepsOf(NamedTuple):
    """What the steps of one run have in common; `end` is of the monotonic clock."""

    machine: Machine
    folder: Path
    scratch: Path
    env: Mapping[str, str]
    given: Mapping[str, str]
    end: float
    said: Callable[[str], None]


def together(steps: Sequence[JobStep]) -> Iterator[Sequence[JobStep]]:
    """A step by itself, or those that stream with the one after them."""
    group: list[JobStep] = []
    for step in steps:
        group.append(step)
        if not step.streams:
            yield group
            group = []
    if group:
        yield group


def run_together(of: StepsOf, steps: Sequence[JobStep]) -> tuple[int, int | None]:
    """@returns the first that failed, from 0 on, and its code, none where it was stopped at the end of its time"""
    stream = of.scratch / STREAM
    if len(steps) > 1:
        for former in (stream, of.scratch / _WHOLE):
            former.unlink(missing_ok=True)
        os.mkfifo(stream)
        # Its owner is the folder's, without which the kernel lets no other user write to it
        stream.chmod(0o666)
    running = [_Step(of, step) for step in steps]
    try:
        for one in running:
            one.begin()
        _await(of, running, stream)
    except BaseException:
        for one in running:
            one.kill()
        raise
    ended = sorted((one.ended, number) for number, one in enumerate(running) if one.code != 0)
    return (ended[0][1], running[ended[0][1]].code) if ended else (len(steps) - 1, 0)


def _await(of: StepsOf, running: Sequence[_Step], stream: Path) -> None:
    """One that fails leaves the others a stream that has ended, and some time to say so and to clear up."""
    stop_at = of.end
    broken = False
    while any(one.is_under_way() for one in running):
        for one in running:
            one.join(0.1)
        if not broken and any(not one.is_under_way() and one.code != 0 for one in running):
            broken, stop_at = True, min(of.end, time.monotonic() + _GRACE_SECONDS)
        if broken:
            _break_off(stream)
        if time.monotonic() >= stop_at:
            for one in running:
                one.stop(overdue=not broken)


def _break_off(stream: Path) -> None:
    """Whoever waits for the other end to be opened finds it opened, and closed."""
    with contextlib.suppress(OSError):
        os.close(os.open(stream, os.O_RDWR | os.O_NONBLOCK))


class _Step:
    """A container under way, whose lines are read as they come."""

    def __init__(self, of: StepsOf, step: JobStep) -> None:
        self._of = of
        self._name = f"{of.machine.system}-{step.service}"
        self._step, self._program = step, step.program
        self._overdue = False
        self._asked_to_stop = False
        self._process: subprocess.Popen[str] | None = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self.code: int | None = None
        self.ended = 0.0

    def begin(self) -> None:
        of = self._of
        if self._program:
            ensure_user(of.machine, self._program.user)
        self._process = subprocess.Popen(
            self._words(), env=of.machine.environment(of.env), text=True, errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self._reader.start()

    def _words(self) -> Sequence[str]:
        machine, of = self._of.machine, self._of
        if self._program:
            return programs.start_command(machine, self._step, of.given)
        given = [word for name, value in of.given.items() for word in ("--env", f"{name}={value}")]
        compose = machine.compose_of("jobs", of.folder / "jobs.yaml", "--progress", "quiet")
        run = ("run", "--rm", "--no-TTY", "--no-deps", "--name", self._name)
        return (*compose, *run, *given, self._step.service)

    def _read(self) -> None:
        process = self._process
        if process is None:
            return
        for line in process.stdout or ():
            self._of.said(self._of.machine.tell.scrub(line.rstrip("\n")))
        code = process.wait()
        self.ended = time.monotonic()
        self.code = None if self._overdue else code

    def is_under_way(self) -> bool:
        return self._reader.is_alive()

    def join(self, seconds: float) -> None:
        self._reader.join(seconds)

    def stop(self, overdue: bool) -> None:
        """@param overdue whether its own time has ended, and not that of another that failed"""
        if self._asked_to_stop or not self.is_under_way():
            return
        self._asked_to_stop, self._overdue = True, overdue
        if self._program:
            programs.stop(self._of.machine, self._program)
        else:
            self._of.machine.start("docker", "stop", self._name).answer()
        self.kill()

    def kill(self) -> None:
        """With the programs that it has started, which would hold its output open."""
        process = self._process
        with contextlib.suppress(ProcessLookupError):
            if process and process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
