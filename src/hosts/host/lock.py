"""
One thing at a time changes a machine, as a transient unit: it outlives the connection that began it, and its name is the
lock.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import time
from pathlib import Path
from typing import IO

from machine import Machine

UNIT = "berth-converge.service"
PATIENCE_SECONDS = 900
_LONGEST_SECONDS = 3600
KILLED = 255


def take_lock(machine: Machine) -> IO[str] | None:
    """Waits for what is under way; of those that wait, one looks at the unit. @returns nothing when it waited too long"""
    end = time.monotonic() + PATIENCE_SECONDS
    lock = open(machine.at("/run/berth-converge.lock"), "w", encoding="utf-8")
    while not _locked(lock):
        if time.monotonic() > end:
            return None
        time.sleep(0.1)
    while (state := unit_state(machine)) not in ("inactive", "failed"):
        if time.monotonic() > end:
            return None
        time.sleep(0.5)
    if state == "failed":
        machine.works("systemctl", "reset-failed", UNIT)
    return lock


def unit_state(machine: Machine) -> str:
    return machine.start("systemctl", "show", "--property", "ActiveState", "--value", UNIT).answer().out.strip()


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:
        return False


def run_as_unit(*words: str) -> int:
    """What it says comes to this terminal. @returns its code, KILLED where it was"""
    properties = (
        f"--property=RuntimeMaxSec={_LONGEST_SECONDS}",
        "--property=KillMode=mixed",
        "--setenv=LC_ALL=C.UTF-8",
    )
    run = ("systemd-run", "--quiet", f"--unit={UNIT}", "--pipe", "--wait", "--collect", *properties, "--", *words)
    return subprocess.run(run, stdin=subprocess.DEVNULL).returncode & 0xFF


def engine(folder: Path, *words: str) -> tuple[str, ...]:
    """Words that run this engine from a release's folder."""
    return ("/usr/bin/python3", "-I", "-S", str(folder / "engine"), *words)


def done() -> None:
    Path("/run/berth-doing").unlink(missing_ok=True)


def waited(seconds: float) -> None:
    if seconds >= 2:
        os.write(2, f"the previous release ended after {round(seconds)} s\n".encode())
