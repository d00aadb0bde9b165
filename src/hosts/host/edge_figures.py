"""
How many requests nginx answered, by service and status, and how long they took: figures for the node exporter, counted from
the access log (templates/nginx/edge-shared.conf) by the timer that also tells of containers. A Traefik edge tells its own.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import figures
from machine import Machine, sync_replace

# As Traefik's own, so that one rule and one panel are right for both
BUCKETS = (0.1, 0.3, 1.2, 5.0)
# More than a busy machine writes in half a minute; what is beyond is read the next time
_AT_ONCE = 32 * 1024 * 1024
_LINE = re.compile(rb'" (\d{3}) \d+ "[^"]*" "[^"]*" upstream=.* of=([\w-]+) in ([\d.]+) s$')


@dataclass
class Requests:
    """Of one service, since the counting began; durations without websockets, which last as long as a visitor stays."""

    codes: dict[str, int] = field(default_factory=dict)
    buckets: list[int] = field(default_factory=lambda: [0] * len(BUCKETS))
    timed: int = 0
    seconds: float = 0.0

    def add(self, code: str, seconds: float) -> None:
        self.codes[code] = self.codes.get(code, 0) + 1
        if code == "101":
            return
        self.timed += 1
        self.seconds += seconds
        for place, limit in enumerate(BUCKETS):
            self.buckets[place] += seconds <= limit


@dataclass
class Read:
    """What has been counted, and up to where: logrotate gives a full log another name, and its inode goes with it."""

    inode: int
    offset: int
    services: dict[str, Requests] = field(default_factory=dict)


def path(machine: Machine) -> Path:
    return figures.of_system(machine, "edge")


def write(machine: Machine) -> None:
    """Nothing on a machine without an nginx of the system."""
    log = machine.at(f"/var/log/nginx/berth-{machine.system}/access.log")
    if not log.exists():
        return
    kept = machine.state / "edge-figures.json"
    read = _known(kept) or Read(log.stat().st_ino, log.stat().st_size)
    for code, service, seconds in _new(log, read):
        read.services.setdefault(service, Requests()).add(code, seconds)
    sync_replace(kept, json.dumps(asdict(read)), 0o600)
    figures.write(path(machine), text(machine.system, read.services))


def text(system: str, services: dict[str, Requests]) -> str:
    requests, durations = "berth_edge_requests_total", "berth_edge_request_duration_seconds"
    counts = [f"# TYPE {requests} counter\n"]
    times = [f"# TYPE {durations} histogram\n"]
    for service, told in sorted(services.items()):
        of = f'system="{system}",service="{service}"'
        counts += [f'{requests}{{{of},code="{code}"}} {count}\n' for code, count in sorted(told.codes.items())]
        limits = zip([*map(str, BUCKETS), "+Inf"], [*told.buckets, told.timed])
        times += [f'{durations}_bucket{{{of},le="{limit}"}} {count}\n' for limit, count in limits]
        times += [f"{durations}_sum{{{of}}} {round(told.seconds, 3)}\n", f"{durations}_count{{{of}}} {told.timed}\n"]
    return "".join([*counts, *times])


def _known(kept: Path) -> Read | None:
    """None at first, and where what is kept can't be read: the counting begins anew, which Prometheus knows of counters."""
    try:
        found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        services = {name: Requests(**one) for name, one in found["services"].items()}
        return Read(int(found["inode"]), int(found["offset"]), services)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _new(log: Path, read: Read) -> Iterator[tuple[str, str, float]]:
    """What was written since: the rest of the log that was rotated away, and then of the one in its place."""
    inode = log.stat().st_ino
    if inode != read.inode:
        for one in log.parent.glob("access.log*"):
            # Old ones are compressed and removed meanwhile
            with contextlib.suppress(OSError):
                if one.stat().st_ino == read.inode:
                    yield from _requests(one, read)
        read.inode, read.offset = inode, 0
    elif log.stat().st_size < read.offset:
        read.offset = 0
    yield from _requests(log, read)


def _requests(log: Path, read: Read) -> Iterator[tuple[str, str, float]]:
    """Whole lines; one that nginx is writing is left for the next time."""
    with open(log, "rb") as file:
        file.seek(read.offset)
        whole, newline, _ = file.read(_AT_ONCE).rpartition(b"\n")
    read.offset += len(whole) + len(newline)
    for line in whole.splitlines():
        found = _LINE.search(line)
        if found:
            code, service, seconds = (one.decode("ascii") for one in found.groups())
            yield code, service, float(seconds)
