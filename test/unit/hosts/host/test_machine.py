"""How programs of a machine are found."""

from __future__ import annotations

from pathlib import Path

from machine import Machine
from tell import Teller


def test_compose_is_started_by_its_own_program_where_docker_keeps_it(tmp_path: Path) -> None:
    machine = Machine("shop", Teller([]), tmp_path)
    assert machine.compose == ("docker", "compose")
    plugin = tmp_path / "usr/libexec/docker/cli-plugins/docker-compose"
    plugin.parent.mkdir(parents=True)
    plugin.touch(0o644)
    assert machine.compose == ("docker", "compose")
    plugin.chmod(0o755)
    assert machine.compose == (str(plugin),)
