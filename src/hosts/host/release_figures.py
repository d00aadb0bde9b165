"""
How the last release of a system went on this machine, and which one is live since when: figures for the node exporter,
of which alerts and dashboards are made (templates/prometheus/rules/jobs.yaml).
"""

from __future__ import annotations

import calendar
import contextlib
import time
from pathlib import Path

import figures
import history
from machine import Machine


def path(machine: Machine) -> Path:
    return figures.of_system(machine, "release")


def note(machine: Machine, succeeded: bool, seconds: float) -> None:
    """At the end of a release. What can't be written changes nothing of how it went."""
    records = history.read_history(machine)
    live = records[-1] if records else None
    with contextlib.suppress(OSError):
        figures.write(path(machine), _text(machine.system, succeeded, seconds, live))


def note_in_place(machine: Machine) -> None:
    """Where the release is live already: only what failed meanwhile, or was never noted, is told anew."""
    try:
        known = path(machine).read_text(encoding="utf-8")
    except OSError:
        known = ""
    if f'berth_release_succeeded{{system="{machine.system}"}} 1\n' not in known:
        note(machine, True, 0)


def _text(system: str, succeeded: bool, seconds: float, live: history.Record | None) -> str:
    of = f'system="{system}"'
    values = {
        "succeeded": (of, int(succeeded)),
        "ended_timestamp_seconds": (of, int(time.time())),
        "duration_seconds": (of, round(seconds, 1)),
    }
    if live is not None:
        at = calendar.timegm(time.strptime(live.at, "%Y-%m-%dT%H:%M:%SZ"))
        named = f'{of},version="{live.version}",release="{live.release}"'
        values["live_timestamp_seconds"] = (named, at)
    return "".join(
        f"# TYPE berth_release_{name} gauge\nberth_release_{name}{{{labels}}} {value}\n"
        for name, (labels, value) in values.items()
    )
