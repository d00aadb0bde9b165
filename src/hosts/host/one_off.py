"""
A command beside a live service, with its settings and secret files: in a container of its own with the service's image and
networks, or in the folder of its build as its user.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Callable

import programs
from look import live_of
from machine import Machine
from release import Release
from services import choices

_LOST = 129


def run(machine: Machine, release: Release, folder: Path, name: str, words: Sequence[str]) -> int:
    """At this terminal where there is one. It ends with its command, or with the connection. @returns its code"""
    service = release.service(name)
    if service is None:
        there = ", ".join(one.name for one in release.services) or "none"
        print(f"error: the release of this machine has no service {name}: it has {there}", file=sys.stderr)
        return 2
    if service.process:
        # No port, but as its program reads it
        number = f"{65536 + os.getpid()}"
        files = programs.secret_files(machine, service.process.user, number)
        command = programs.command_beside(machine, service, number, words)
        return _run(command, None, lambda: shutil.rmtree(files, ignore_errors=True))
    file = folder / ("colours.yaml" if service.coloured else "base.yaml")
    container = f"{machine.system}-run-{name}-{os.getpid()}"
    terminal = () if sys.stdin.isatty() and sys.stdout.isatty() else ("--no-TTY",)
    once = ("run", "--rm", "--no-deps", "--name", container, *terminal, name, *words)
    command = (*machine.compose_of("run", file, "--progress", "quiet"), *once)
    env = machine.environment(choices(release, live_of(machine, release).services))
    return _run(command, env, lambda: machine.works("docker", "rm", "--force", container))


def _run(command: Sequence[str], env: Mapping[str, str] | None, clear: Callable[[], object]) -> int:
    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, _ended)
    # The command's own to heed, by way of the terminal
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process = subprocess.Popen(command, env=env, preexec_fn=_heeds_interrupts)
    try:
        return _code(process)
    except SystemExit:
        process.terminate()
        raise
    finally:
        clear()


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
