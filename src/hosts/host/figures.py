"""Files of figures for Prometheus, which the node exporter reads (src/parts/metrics.ts): `*.prom` of every system on the machine."""

from __future__ import annotations

from pathlib import Path

from machine import Machine, sync_replace


def folder(machine: Machine) -> Path:
    return machine.at("/var/lib/berth/figures")


def of_job(machine: Machine, job: str) -> Path:
    return folder(machine) / f"{machine.system}-{job}.prom"


def of_system(machine: Machine, kind: str) -> Path:
    """Those of a system's jobs are told apart by the dot, which no job has in its name."""
    return folder(machine) / f"{machine.system}.{kind}.prom"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    sync_replace(path, text)
