"""The system's journal, read for a person."""

from __future__ import annotations

import time

from machine import Machine

_WORDS_SECONDS = 5


def last_lines(machine: Machine, unit: str) -> str:
    """Returns the journal's last lines of a service that does not start.

    The journal gets the words of a program and those of systemd on different ways: systemd may have told the program's
    end before the program's last words are written, and words of a process that has ended can lack its unit's name.
    So they are waited for, and asked for by the process too.
    """
    pid = machine.ask("systemctl", "show", "--property", "ExecMainPID", "--value", unit).out.strip()
    ways = (f"_SYSTEMD_UNIT={unit}", "+", f"UNIT={unit}", "_PID=1", "+", f"_PID={pid}")
    shape = ("--boot", "--output", "cat", "--no-pager", "--quiet")
    deadline = time.monotonic() + _WORDS_SECONDS
    while not machine.ask("journalctl", f"_PID={pid}", "--lines", "1", *shape).out and time.monotonic() < deadline:
        time.sleep(0.2)
    return machine.ask("journalctl", *ways, "--lines", "10", *shape).out
