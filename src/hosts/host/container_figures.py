"""
What each container of a system uses, and how often it was started again: figures for the node exporter, which a timer has
written anew every half minute. So nothing that can be reached over a network holds docker's socket.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import figures
from machine import Machine

Figure = tuple[str, str, float]


@dataclass(frozen=True)
class Usage:
    """Of a container's processes: processor time, and memory without the files that the kernel can drop."""

    cpu_seconds: float
    memory_bytes: int


def path(machine: Machine) -> Path:
    return figures.of_system(machine, "containers")


def write(machine: Machine) -> int:
    of_system = f"label=berth.system={machine.system}"
    found = machine.ask("docker", "ps", "--all", "--quiet", "--no-trunc", "--filter", of_system)
    if found.code != 0:
        return 1
    ids = found.out.split()
    # One that is removed at this moment is left out of the answer, and docker says so by its code
    inspected = json.loads(machine.ask("docker", "inspect", *ids).out or "[]") if ids else []
    usage = {one["Id"]: _usage(machine, one["State"]["Pid"]) for one in inspected if one["State"]["Running"]}
    figures.write(path(machine), text(machine.system, inspected, usage))
    return 0


def text(system: str, inspected: list[Any], usage: Mapping[str, Usage | None]) -> str:
    """@param inspected as `docker inspect` prints containers"""
    told: dict[str, list[str]] = {}
    for one in sorted(inspected, key=lambda one: str(one["Name"])):
        labels = one["Config"]["Labels"]
        # Containers of jobs come and go
        if "berth.service" not in labels:
            continue
        of = f'{{system="{system}",service="{labels["berth.service"]}",name="{one["Name"].lstrip("/")}"}}'
        for name, kind, value in _figures(one, usage.get(one["Id"])):
            head = f"# TYPE berth_container_{name} {kind}\n"
            told.setdefault(head, []).append(f"berth_container_{name}{of} {value}\n")
    return "".join(head + "".join(lines) for head, lines in told.items())


def _figures(one: Mapping[str, Any], usage: Usage | None) -> Iterator[Figure]:
    state = one["State"]
    yield "running", "gauge", int(state["Running"])
    yield "restarts_total", "counter", one["RestartCount"]
    yield "started_timestamp_seconds", "gauge", _seconds(state["StartedAt"])
    if usage is not None:
        yield "cpu_seconds_total", "counter", usage.cpu_seconds
        yield "memory_bytes", "gauge", usage.memory_bytes
        yield "memory_limit_bytes", "gauge", one["HostConfig"]["Memory"]


def _seconds(moment: str) -> int:
    """Docker writes nanoseconds, which Python does not read."""
    read = datetime.fromisoformat(re.sub(r"(\.\d+)?Z$", "+00:00", moment))
    return max(0, int(read.timestamp()))


def _usage(machine: Machine, pid: int) -> Usage | None:
    """By the control groups of its first process, of either version; None for one that has just ended."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        lines = machine.at(f"/proc/{pid}/cgroup").read_text(encoding="utf-8").splitlines()
        groups = {
            kind: where for _, kinds, where in (line.split(":", 2) for line in lines) for kind in kinds.split(",")
        }
        root = machine.at("/sys/fs/cgroup")
        if "memory" in groups:
            memory = root / "memory" / groups["memory"].lstrip("/")
            cpu = root / "cpuacct" / groups["cpuacct"].lstrip("/")
            used = _number(memory / "memory.usage_in_bytes") - _stat(memory / "memory.stat")["total_inactive_file"]
            return Usage(_number(cpu / "cpuacct.usage") / 1e9, max(0, used))
        group = root / groups[""].lstrip("/")
        used = _number(group / "memory.current") - _stat(group / "memory.stat")["inactive_file"]
        return Usage(_stat(group / "cpu.stat")["usage_usec"] / 1e6, max(0, used))
    return None


def _number(file: Path) -> int:
    return int(file.read_text(encoding="utf-8"))


def _stat(file: Path) -> dict[str, int]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return {name: int(value) for name, value in (line.split() for line in lines)}
