"""
How each release went live: in what time, by whom, and whether it was a way back. Beside the history, whose file engines
of before read too: a way back may lead to one of them.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace

from differences import Difference
from history import MOST_RECORDS, Record, read_history
from machine import Machine, sync_replace

RELEASE, ROLLBACK = "release", "rollback"


@dataclass(frozen=True)
class How:
    """`at` is that of its record. `agreed`: the stack has deployed this release itself, then or since."""

    at: str
    release: str
    seconds: float
    by: str
    way: str = RELEASE
    agreed: bool = True


def read(machine: Machine) -> tuple[How, ...]:
    names = {field.name for field in fields(How)}
    try:
        found = json.loads((machine.state / "how.json").read_text(encoding="utf-8"))
        return tuple(How(**{name: value for name, value in one.items() if name in names}) for one in found)
    except (OSError, ValueError, TypeError, AttributeError):
        return ()


def noted(
    known: Sequence[How], records: Sequence[Record], release: str, seconds: float, by: str, way: str
) -> Sequence[How]:
    """What is known after a release has ended, whether it went live by it, or was live before."""
    if not records or records[-1].release != release:
        return known
    last = records[-1]
    agreed = way == RELEASE
    if known and known[-1].at == last.at and known[-1].release == release:
        return (*known[:-1], replace(known[-1], agreed=True)) if agreed else known
    return (*known, How(last.at, release, round(seconds, 1), by, way, agreed))[-MOST_RECORDS:]


def note(machine: Machine, release: str, seconds: float = 0, by: str = "", way: str = RELEASE) -> None:
    """What can't be written changes nothing of how it went."""
    known = read(machine)
    told = noted(known, read_history(machine), release, seconds, by, way)
    if told != known:
        with contextlib.suppress(OSError):
            text = ",\n".join(json.dumps(asdict(one)) for one in told)
            sync_replace(machine.state / "how.json", f"[\n{text}\n]\n", 0o600)


def of(known: Sequence[How], record: Record) -> How | None:
    return next((one for one in known if (one.at, one.release) == (record.at, record.release)), None)


def left(known: Sequence[How], records: Sequence[Record]) -> frozenset[str]:
    """Releases from which somebody went back: another way back does not lead to them unless it is told to."""
    told = {(one.at, one.release) for one in known if one.way == ROLLBACK}
    return frozenset(
        former.release for former, record in zip(records, records[1:]) if (record.at, record.release) in told
    )


def apart(known: Sequence[How], records: Sequence[Record]) -> tuple[Difference, ...]:
    """A way back that the stack does not know of yet."""
    last = of(known, records[-1]) if records else None
    if last is None or last.agreed:
        return ()
    former = records[-2].version if len(records) > 1 else "another"
    by = f" by {last.by}" if last.by else ""
    what = f"was brought back on the machine at {last.at}{by}, from version {former} to {records[-1].version}"
    return (Difference("release", last.release, f"{what}: the stack has not deployed it since"),)


def who() -> str:
    """Whoever asks, by the name of the login."""
    return os.environ.get("SUDO_USER", "")
