"""
What runs from a build by a start script, and not under supervisor: steps of jobs, each as a user of its own, by which its
programs are found and stopped, and commands beside a service.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from machine import Machine
from release import JobStep, Program, Service
from tell import Refused

# Argument of the start script, where a service has its port
_ARGUMENT = "job"
_STOP_SECONDS = 10


def start_command(machine: Machine, step: JobStep, given: Mapping[str, str]) -> Sequence[str]:
    # Nothing of the engine's own environment
    env = (f"{name}={value}" for name, value in given.items())
    return ("env", "-i", *env, "/bin/bash", str(_script(machine, step.service, step.definition)), _ARGUMENT)


def command_beside(machine: Machine, service: Service, number: str, words: Sequence[str]) -> Sequence[str]:
    """Another command in the place of a service's own. @param number in the place of its port"""
    script = _script(machine, service.name, service.definition)
    text = script.read_text(encoding="utf-8")
    start = text[: text.index(" -- ", text.index("\nexec setpriv "))]
    terminal = f"TERM={os.environ.get('TERM', 'dumb')}"
    return ("env", "-i", terminal, "/bin/bash", "-c", f'{start} -- "${{@:2}}"', str(script), number, *words)


def secret_files(machine: Machine, user: str, argument: str) -> Path:
    """Folder in memory where a start script puts them (templates/supervisor/start)"""
    return machine.at(f"/run/berth-files/{user}-{argument}")


def _script(machine: Machine, name: str, definition: str) -> Path:
    return machine.configuration / name / definition / "start"


def stop(machine: Machine, program: Program) -> None:
    """Its user runs nothing else. Removes its secret files too."""
    for number, seconds in ((signal.SIGTERM, _STOP_SECONDS), (signal.SIGKILL, _STOP_SECONDS)):
        end = time.monotonic() + seconds
        for process in _processes(program.user):
            _signal(process, number)
        while any(_processes(program.user)) and time.monotonic() < end:
            time.sleep(0.1)
    if any(_processes(program.user)):
        raise Refused(f"a program of user {program.user} does not end: see sudo ps -u {program.user}")
    shutil.rmtree(secret_files(machine, program.user, _ARGUMENT), ignore_errors=True)


def _signal(process: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, number)


def _processes(user: str) -> Iterator[int]:
    """Process ids of a user; one that has ended and waits for its parent is none."""
    try:
        uid = str(pwd.getpwnam(user).pw_uid)
    except KeyError:
        return
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/status", encoding="utf-8", errors="replace") as status:
                    lines = dict(line.split(":", 1) for line in status if ":" in line)
            except (FileNotFoundError, ProcessLookupError):
                continue
            if lines["Uid"].split()[0] == uid and lines["State"].split()[0] != "Z":
                yield int(name)
