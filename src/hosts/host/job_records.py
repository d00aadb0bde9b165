"""When each job of a system ran last, when it last did what it had to, how long it took and how it ended."""

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
    record = JobRecord(job.name, release.version, int(time.time()), "was killed before its end", 0, success)
    _write(machine, record)
    return record


def end(machine: Machine, record: JobRecord, why: str, seconds: float) -> None:
    success = record.last_success if why else int(time.time())
    _write(machine, replace(record, result=why, seconds=round(seconds, 1), last_success=success))


def _write(machine: Machine, record: JobRecord) -> None:
    sync_replace(folder(machine) / f"{record.job}.json", json.dumps(asdict(record)) + "\n", 0o600)
