"""What `sudo berth` tells on a machine, as lines and plain data; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import how
from differences import Difference, project_of, runs
from history import Record
from how import How
from look import Look
from release import Release, Service

if TYPE_CHECKING:
    from back import Way


def status(
    release: Release, seen: Look, records: Sequence[Record], known: Sequence[How], differing: Sequence[Difference]
) -> Iterator[str]:
    yield f"{release.system} {release.version}, release {release.name}"
    if records:
        yield f"live since {records[-1].at}{_from(records)}{_way(how.of(known, records[-1]))}"
    if release.services:
        yield "services"
        yield from (f"  {line}" for line in table([_service(seen, release, one) for one in release.services]))
    if not differing:
        yield "nothing differs from the release"
        return
    yield "differs from the release"
    yield from (f"  {line}" for line in table([[one.kind, f"{one.where} {one.what}"] for one in differing]))


def _from(records: Sequence[Record]) -> str:
    return f", before it {records[-2].version}" if len(records) > 1 else ""


def _way(told: How | None) -> str:
    if told is None:
        return ""
    took = f", in {told.seconds} s" if told.seconds else ""
    return f"{took}, {'brought back' if told.way == how.ROLLBACK else 'released'}{f' by {told.by}' if told.by else ''}"


def _service(seen: Look, release: Release, service: Service) -> list[str]:
    standing = seen.live.services.get(service.name)
    colour = standing.colour if standing else ""
    well = "well" if runs(seen, release, service) else "NOT WELL"
    if service.process:
        program = seen.programs.get(f"{release.system}-{service.name}-{colour}")
        return [service.name, colour, well, program.state.lower() if program else "missing"]
    place = project_of(seen, release, service)
    found = next((one for one in seen.containers if (one.service, one.project) == (service.name, place)), None)
    return [service.name, colour, well, found.status if found else "missing"]


def history(records: Sequence[Record], known: Sequence[How], kept: Sequence[str]) -> list[dict[str, Any]]:
    """The latest first, which is live."""
    found: list[dict[str, Any]] = []
    left = how.left(known, records)
    for number, record in enumerate(records):
        told = how.of(known, record)
        found.append(
            {
                **{"at": record.at, "version": record.version, "release": record.release},
                "before": records[number - 1].version if number else "",
                **{"seconds": told.seconds if told else 0, "by": told.by if told else ""},
                "way": told.way if told else how.RELEASE,
                **{"kept": record.release in kept, "left": record.release in left},
            }
        )
    return found[::-1]


def history_lines(told: Sequence[dict[str, Any]]) -> list[str]:
    rows = [["LIVE SINCE", "VERSION", "RELEASE", "BEFORE IT", "TOOK", "BY", ""]]
    for number, one in enumerate(told):
        took = f"{one['seconds']} s" if one["seconds"] else ""
        marks = ["live"] if number == 0 else ["kept"] if one["kept"] else []
        marks += ["brought back"] if one["way"] == how.ROLLBACK else []
        rows.append([one["at"], one["version"], one["release"], one["before"], took, one["by"], ", ".join(marks)])
    return table(rows)


def steps(head: str, told: Sequence[dict[str, str]]) -> list[str]:
    if not told:
        return [f"{head}: nothing to do"]
    return [f"{head}:", *(f"  {one['does']}: {one['reason']}" for one in told)]


def way(found: Way) -> dict[str, Any]:
    return {
        "live": found.live.version,
        "version": found.target.version,
        **{"release": found.target.release, "at": found.target.at},
        **{"steps": list(found.steps), "refused": found.refused},
    }


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
