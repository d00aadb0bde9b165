"""
When each job of a system ran last, when it last did what it had to, how long it took and how it ended: for people, for
`berth status --check`, and as figures for the node exporter.
"""

from __future__ import annotations

import json
import os
import re
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import figures
from machine import Machine, sync_replace
from release import Job, Release

_MOST_TOLD = 10_000
_FIGURE = re.compile(r'(berth_[a-z_]+)(\{[a-z]+="[\w.-]*"(,[a-z]+="[\w.-]*")*\})? [0-9.]+')


@dataclass(frozen=True)
class JobRecord:
    """
    `result` is empty where it did what it had to. Times are in seconds since 1970, 0 for never. `told` are figures that its
    steps told, those of a former run where this one told none.
    """

    job: str
    definition: str
    version: str
    began: int
    result: str
    seconds: float
    last_success: int
    told: str = ""


def folder(machine: Machine) -> Path:
    return machine.state / "jobs"


def read(machine: Machine, job: str) -> JobRecord | None:
    try:
        return JobRecord(**json.loads((folder(machine) / f"{job}.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def begin(machine: Machine, release: Release, job: Job) -> JobRecord:
    """As it is to be read where nobody comes to write its end."""
    former = read(machine, job.name)
    success, told = (former.last_success, former.told) if former else (0, "")
    record = JobRecord(
        job.name, job.definition, release.version, int(time.time()), "was killed before its end", 0, success, told
    )
    _write(machine, record)
    return record


def end(machine: Machine, record: JobRecord, why: str, seconds: float, told: str = "") -> None:
    success = record.last_success if why else int(time.time())
    ended = replace(record, result=why, seconds=round(seconds, 1), last_success=success, told=told or record.told)
    _write(machine, ended)


def told_in(scratch: Path) -> str:
    """The figures that steps have written for Prometheus; what is no figure is left out."""
    try:
        # A step could have put a link there
        with os.fdopen(os.open(scratch / "figures", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)) as file:
            lines = file.read(_MOST_TOLD).splitlines()
    except (OSError, ValueError):
        return ""
    return "".join(f"{line}\n" for line in lines if _FIGURE.fullmatch(line))


def _write(machine: Machine, record: JobRecord) -> None:
    sync_replace(folder(machine) / f"{record.job}.json", json.dumps(asdict(record)) + "\n", 0o600)
    figures.write(figures.of_job(machine, record.job), figures_text(machine.system, record))


def figures_text(system: str, record: JobRecord) -> str:
    values = {
        "began_timestamp_seconds": record.began,
        "last_success_timestamp_seconds": record.last_success,
        "duration_seconds": record.seconds,
        "succeeded": int(record.result == ""),
    }
    of = f'{{system="{system}",name="{record.job}"}}'
    lines = [f"berth_job_{name}{of} {value}" for name, value in values.items()] + record.told.splitlines()
    kinds = {re.split("[{ ]", line)[0]: "gauge" for line in lines}
    types = [f"# TYPE {name} {kind}" for name, kind in kinds.items()]
    return "".join(f"{line}\n" for line in types + lines)


def forget_gone(machine: Machine, release: Release) -> None:
    """Of jobs that the release does not have."""
    for path in folder(machine).glob("*.json"):
        if release.job(path.stem) is None:
            for left in (
                path,
                path.with_suffix(".lock"),
                figures.of_job(machine, path.stem),
            ):
                left.unlink(missing_ok=True)
