"""Carries a plan out, step by step. Where one fails before the switch, those that were begun are taken back in turn."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

import history
import trial
from live import Standing
from look import Look
from machine import Machine, ProgramFailed
from release import Release
from steps import Plan, Step, Switch
from tell import Refused

Undo = Callable[[], None]


@dataclass
class Work:
    """What every step is given. `incoming` is where the release was unpacked."""

    machine: Machine
    release: Release
    seen: Look
    incoming: Path
    # The colour and port of each service after this release, and how compose files are told
    led: Mapping[str, Standing]
    env: Mapping[str, str]
    # What takes each begun step back, the latest last
    undo: list[Undo] = field(default_factory=list)
    # In seconds since 1970, set by the switch: what the authority of certificates refuses since then counts
    asked_at: float = field(default_factory=time.time)

    @property
    def folder(self) -> Path:
        return self.machine.releases / self.release.name


Action = Callable[[Work, Any], None]


class Stopped(Exception):
    """Somebody ended the release, by a signal."""


def carry_out(work: Work, plan: Plan, actions: Mapping[type[Step], Action]) -> str:
    """@returns `done`, or after telling what went wrong: `taken back`, or `late` where the new release serves already"""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    outcome = "taken back"
    try:
        stages = _stages(plan)
        work.machine.tell.steps([stage for stage, _ in stages])
        for stage, steps in stages:
            work.machine.tell.begin(stage)
            for done, step in enumerate(steps):
                if len(steps) > 1:
                    work.machine.tell.part(done, len(steps), str(step))
                actions[type(step)](work, step)
                if isinstance(step, Switch):
                    outcome = "late"
                    _no_way_back(work)
            work.machine.tell.ended()
    except (Refused, ProgramFailed, OSError, Stopped) as error:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _explain(work, error)
        take_back(work)
        return outcome
    return "done"


def _no_way_back(work: Work) -> None:
    work.undo.clear()
    history.forget_begun(work.machine)
    shutil.rmtree(work.machine.backup, ignore_errors=True)
    trial.end(work.machine)


def take_back(work: Work) -> None:
    """The latest first; what one of them can't do keeps no other from being tried."""
    while work.undo:
        try:
            work.undo.pop()()
        except (Refused, ProgramFailed, OSError) as error:
            work.machine.tell.say(f"error: a step could not be rolled back: {work.machine.tell.scrub(str(error))}")


def _explain(work: Work, error: Exception) -> None:
    tell = work.machine.tell
    if isinstance(error, Refused):
        tell.say(f"error: {error}")
        return
    if isinstance(error, OSError):
        tell.note(str(error))
    tell.explain_failure()


def _stages(plan: Plan) -> list[tuple[str, list[Step]]]:
    stages: list[tuple[str, list[Step]]] = []
    for step in plan:
        if not stages or stages[-1][0] != step.stage:
            stages.append((step.stage, []))
        stages[-1][1].append(step)
    return stages


def _stop(number: int, _frame: object) -> None:
    raise Stopped(f"signal {number}")


def keep(work: Work, _step: Step) -> None:
    """An older unpacking of the same release goes. One that is brought back lies there already."""
    if work.incoming == work.folder:
        return
    older, newer = (work.machine.releases / f".{which}.{os.getpid()}" for which in ("former", "next"))
    # Which may lie on another disk, where there may be no room
    try:
        shutil.move(str(work.incoming), str(newer))
    except OSError:
        shutil.rmtree(newer, ignore_errors=True)
        raise
    if work.folder.exists():
        work.folder.rename(older)
    newer.rename(work.folder)
    shutil.rmtree(older, ignore_errors=True)
