"""What a machine tells the node exporter of its containers, of either version of control groups."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import container_figures
import pytest
from machine import Machine
from tell import Teller
from worlds import SYSTEM, programs_before


def container(service: str | None, pid: int, **state: object) -> dict[str, Any]:
    name = service or "job"
    return {
        "Id": f"id-{name}",
        "Name": f"/{SYSTEM}-base-{name}-1",
        "RestartCount": 2,
        "State": {"Running": True, "Pid": pid, "StartedAt": "2026-11-23T10:00:00.123456789Z", **state},
        "Config": {"Labels": {"berth.service": service} if service else {"berth.job": "migrate"}},
        "HostConfig": {"Memory": 1000},
    }


def put(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


FIRST = {
    "proc/7/cgroup": "4:memory:/docker/a\n2:cpu,cpuacct:/docker/a\n0::/docker/a\n",
    "sys/fs/cgroup/memory/docker/a/memory.usage_in_bytes": "900\n",
    "sys/fs/cgroup/memory/docker/a/memory.stat": "cache 5\ntotal_inactive_file 300\n",
    "sys/fs/cgroup/cpuacct/docker/a/cpuacct.usage": "2500000000\n",
}
SECOND = {
    "proc/7/cgroup": "0::/system.slice/docker-a.scope\n",
    "sys/fs/cgroup/system.slice/docker-a.scope/memory.current": "900\n",
    "sys/fs/cgroup/system.slice/docker-a.scope/memory.stat": "inactive_file 300\n",
    "sys/fs/cgroup/system.slice/docker-a.scope/cpu.stat": "usage_usec 2500000\nuser_usec 1\n",
}


def written(root: Path, monkeypatch: pytest.MonkeyPatch, *found: dict[str, Any]) -> dict[str, str]:
    put(root, {"inspected": json.dumps(found)})
    monkeypatch.setenv("PATH", programs_before(root, {"docker": DOCKER}))
    monkeypatch.setenv("INSPECTED", str(root / "inspected"))
    machine = Machine(SYSTEM, Teller([]), root)
    assert container_figures.write(machine) == 0
    figures = container_figures.path(machine)
    assert figures.stat().st_mode & 0o777 == 0o644
    lines = [line for line in figures.read_text().splitlines() if not line.startswith("#")]
    return {line.split("{")[0] + " " + line.split('name="')[1].split('"')[0]: line.split()[-1] for line in lines}


DOCKER = """#!/bin/sh
if [ "$1" = ps ]; then echo id-1; else cat "$INSPECTED"; fi
"""


@pytest.mark.parametrize("groups", [FIRST, SECOND], ids=["version 1", "version 2"])
def test_a_container_tells_what_it_uses_without_what_the_kernel_can_drop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, groups: dict[str, str]
) -> None:
    put(tmp_path, groups)
    found = written(tmp_path, monkeypatch, container("app", 7))
    name = f"{SYSTEM}-base-app-1"
    assert found == {
        f"berth_container_running {name}": "1",
        f"berth_container_restarts_total {name}": "2",
        f"berth_container_started_timestamp_seconds {name}": "1795428000",
        f"berth_container_cpu_seconds_total {name}": "2.5",
        f"berth_container_memory_bytes {name}": "600",
        f"berth_container_memory_limit_bytes {name}": "1000",
    }


def test_one_that_has_ended_is_told_as_such_and_containers_of_jobs_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = "0001-01-01T00:00:00Z"
    found = written(tmp_path, monkeypatch, container("app", 0, Running=False, StartedAt=never), container(None, 9))
    name = f"{SYSTEM}-base-app-1"
    assert found == {
        f"berth_container_running {name}": "0",
        f"berth_container_restarts_total {name}": "2",
        f"berth_container_started_timestamp_seconds {name}": "0",
    }


def test_one_that_ends_while_it_is_looked_at_is_told_without_what_it_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(written(tmp_path, monkeypatch, container("app", 7))) == 3


def test_an_engine_that_does_not_answer_leaves_what_was_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", programs_before(tmp_path, {"docker": "#!/bin/sh\nexit 1\n"}))
    machine = Machine(SYSTEM, Teller([]), tmp_path)
    assert container_figures.write(machine) == 1
    assert not container_figures.path(machine).exists()
