"""A command in a container of its own beside a live service: of its image, with its settings, files and networks."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from look import live_of
from machine import Machine
from release import Release
from services import choices

_LOST = 129


def run(machine: Machine, release: Release, folder: Path, name: str, words: Sequence[str]) -> int:
    """At this terminal where there is one. The container goes with its command, or with the connection. @returns its code"""
    service = release.service(name)
    if service is None or service.process:
        there = ", ".join(one.name for one in release.services if not one.process) or "none"
        print(f"error: the release of this machine has no container {name}: it has {there}", file=sys.stderr)
        return 2
    file = folder / ("colours.yaml" if service.coloured else "base.yaml")
    container = f"{machine.system}-run-{name}-{os.getpid()}"
    terminal = () if sys.stdin.isatty() and sys.stdout.isatty() else ("--no-TTY",)
    compose = (
        "docker",
        "compose",
        "--progress",
        "quiet",
        "--project-name",
        f"{machine.system}-run",
        "--file",
        str(file),
    )
    once = ("run", "--rm", "--no-deps", "--name", container, *terminal, name, *words)
    env = machine.environment(choices(release, live_of(machine, release).services))
    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, _ended)
    # The command's own to heed, by way of the terminal
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process = subprocess.Popen([*compose, *once], env=env, preexec_fn=_heeds_interrupts)
    try:
        return _code(process)
    except SystemExit:
        process.terminate()
        raise
    finally:
        machine.works("docker", "rm", "--force", container)


def _code(process: subprocess.Popen[bytes]) -> int:
    """Nobody may be there any more to read what it says: then it is not to go on for ever."""
    lost = select.poll()
    lost.register(1, 0)
    while True:
        try:
            return process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            if any(event & (select.POLLERR | select.POLLHUP) for _, event in lost.poll(0)):
                raise SystemExit(_LOST) from None


def _ended(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(_LOST)


def _heeds_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
