"""Programs without a container, which supervisor runs in two colours."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from builds import ensure_user
from machine import Machine, ProgramFailed, sync_replace
from release import Service

if TYPE_CHECKING:
    from act import Work

_TRIES = 5
_MOST_FALLS = 4


def program_file(machine: Machine, program: str) -> Path:
    return machine.programs / f"berth-{program}.conf"


def start(work: Work, service: Service, colour: str) -> None:
    machine, process = work.machine, service.process
    if process is None:
        return
    ensure_user(machine, process.user)
    program = f"{machine.system}-{service.name}-{colour}"
    text = (work.folder / "supervisor" / f"{service.name}.conf").read_text(encoding="utf-8")
    sync_replace(
        program_file(machine, program), text.replace("@colour@", colour).replace("@port@", str(service.port(colour)))
    )
    _supervise(machine, "update", program)


def _supervise(machine: Machine, *words: str) -> None:
    """Supervisor's socket is missing for a moment after its own start."""
    for attempt in range(1, _TRIES + 1):
        if machine.works("supervisorctl", *words):
            return
        if machine.ask("systemctl", "is-active", "--quiet", "supervisor.service").code != 0:
            machine.works("systemctl", "start", "supervisor.service")
        time.sleep(attempt)
    raise ProgramFailed(f"supervisorctl {' '.join(words)} failed {_TRIES} times")


class Falls:
    """How often a program has been seen fallen."""

    def __init__(self, machine: Machine, program: str) -> None:
        self._machine, self._program, self._count = machine, program, 0

    def too_many(self) -> bool:
        said = self._machine.start("supervisorctl", "status", self._program).answer().out.split()
        self._count += said[1:2] == ["BACKOFF"]
        return said[1:2] == ["FATAL"] or self._count >= _MOST_FALLS


def explain(machine: Machine, name: str, colour: str) -> None:
    tell = machine.tell
    tell.say(
        f"supervisor says: {machine.start('supervisorctl', 'status', f'{machine.system}-{name}-{colour}').answer().out.strip()}"
    )
    tell.say("its last lines:")
    log = machine.at(f"/var/log/berth/{machine.system}/processes/{name}-{colour}.log")
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    tell.say_lines(tell.scrub("\n".join(lines[-50:])))


def remove(machine: Machine, program: str, seconds: int) -> None:
    """Its requests finish first, as long as they may take; then it is asked to stop."""
    file = program_file(machine, program)
    port: str | None = None
    if file.exists():
        command = re.search(r"^command=.* (\d+)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        port = command.group(1) if command else None
        if port is not None:
            _await_last_requests(machine, port, seconds)
        file.unlink()
    elif machine.start("supervisorctl", "status", program).answer().code not in (0, 3):
        return
    _supervise(machine, "update", program)
    if port is not None:
        machine.works("rm", "-rf", str(machine.at(f"/run/berth-files/{re.sub(r'-(blue|green)$', '', program)}-{port}")))


def _await_last_requests(machine: Machine, port: str, seconds: int) -> None:
    end = time.monotonic() + seconds
    while (
        time.monotonic() < end
        and machine.start("ss", "-Htn", "state", "established", f"( sport = :{port} )").answer().out.strip()
    ):
        time.sleep(0.2)
