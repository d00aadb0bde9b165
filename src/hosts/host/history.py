"""
What went live on this machine, and when. This record alone, never the time of a file, decides what is kept for the way
back and what goes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import former
from machine import Machine, sync_replace
from release import Release

MOST_RECORDS = 200


@dataclass(frozen=True)
class Record:
    """The last one is live."""

    at: str
    release: str
    version: str


@dataclass(frozen=True)
class Begun:
    """A service that can't run twice, which a release has begun to replace: its former container may be gone."""

    project: str
    service: str
    release: str


def read_history(machine: Machine) -> tuple[Record, ...]:
    path = machine.state / "history.json"
    if not path.exists():
        return tuple(Record(*words) for words in former.records(machine.state))
    return tuple(Record(**record) for record in json.loads(path.read_text(encoding="utf-8")))


def note_live(machine: Machine, release: str, version: str) -> None:
    known = read_history(machine)
    if not release or (known and known[-1].release == release):
        return
    records = [*known, Record(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), release, version)]
    text = ",\n".join(json.dumps(asdict(record)) for record in records[-MOST_RECORDS:])
    sync_replace(machine.state / "history.json", f"[\n{text}\n]\n", 0o600)


def forget_history(machine: Machine) -> None:
    (machine.state / "history.json").unlink(missing_ok=True)


def went_live(records: Sequence[Record], count: int) -> tuple[Record, ...]:
    """The last so many releases that went live, the latest first, each once."""
    found: dict[str, Record] = {}
    for record in reversed(records):
        found.setdefault(record.release, record)
    return tuple(found.values())[:count]


def former_of(records: Sequence[Record]) -> Record | None:
    latest = went_live(records, 2)
    return latest[1] if len(latest) > 1 else None


def read_begun(machine: Machine) -> tuple[Begun, ...]:
    path = machine.state / "begun.json"
    if not path.exists():
        return tuple(Begun(*words) for words in former.begun(machine.state))
    return tuple(Begun(**one) for one in json.loads(path.read_text(encoding="utf-8")))


def write_begun(machine: Machine, begun: Sequence[Begun]) -> None:
    """Before the service is touched."""
    sync_replace(machine.state / "begun.json", json.dumps([asdict(one) for one in begun]), 0o600)


def confirm(machine: Machine, release: Release) -> int:
    """The release was already live."""
    forget_begun(machine)
    machine.tell.report(f"release {release.name} is already live{since(machine)}")
    return 0


def since(machine: Machine) -> str:
    """Since when the live release serves, for the line that ends a release: by it the next one knows who is behind."""
    known = read_history(machine)
    return f" since {known[-1].at}" if known else ""


def forget_begun(machine: Machine) -> None:
    for name in ("begun.json", "begun"):
        (machine.state / name).unlink(missing_ok=True)
