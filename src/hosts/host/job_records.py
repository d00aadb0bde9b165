"""
When each job of a system ran last, when it last did what it had to, how long it took and how it ended: for people, for
`berth status --check`, and as figures for the node exporter.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from machine import Machine, sync_replace
from release import Job, Release


@dataclass(frozen=True)
class JobRecord:
    """`result` is empty where it did what it had to. Times are in seconds since 1970, 0 for never."""

    job: str
    definition: str
    version: str
    began: int
    result: str
    seconds: float
    last_success: int


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
    success = former.last_success if former else 0
    record = JobRecord(
        job.name, job.definition, release.version, int(time.time()), "was killed before its end", 0, success
    )
    _write(machine, record)
    return record


def end(machine: Machine, record: JobRecord, why: str, seconds: float) -> None:
    success = record.last_success if why else int(time.time())
    _write(machine, replace(record, result=why, seconds=round(seconds, 1), last_success=success))


def _write(machine: Machine, record: JobRecord) -> None:
    sync_replace(folder(machine) / f"{record.job}.json", json.dumps(asdict(record)) + "\n", 0o600)
    figures = figures_folder(machine)
    figures.mkdir(mode=0o755, parents=True, exist_ok=True)
    sync_replace(figures / f"{machine.system}-{record.job}.prom", figures_text(machine.system, record))


def figures_folder(machine: Machine) -> Path:
    """Of every system on the machine: the node exporter reads `*.prom` there (src/parts/metrics.ts)."""
    return machine.at("/var/lib/berth/figures")


def figures_text(system: str, record: JobRecord) -> str:
    figures = {
        "began_timestamp_seconds": record.began,
        "last_success_timestamp_seconds": record.last_success,
        "duration_seconds": record.seconds,
        "succeeded": int(record.result == ""),
    }
    of = f'{{system="{system}",name="{record.job}"}}'
    return "".join(f"# TYPE berth_job_{name} gauge\nberth_job_{name}{of} {value}\n" for name, value in figures.items())


def forget_gone(machine: Machine, release: Release) -> None:
    """Of jobs that the release does not have."""
    for path in folder(machine).glob("*.json"):
        if release.job(path.stem) is None:
            for left in (
                path,
                path.with_suffix(".lock"),
                figures_folder(machine) / f"{machine.system}-{path.stem}.prom",
            ):
                left.unlink(missing_ok=True)
