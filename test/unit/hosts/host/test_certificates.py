"""A certificate that is missing is asked for again; one that is there is left alone."""

from __future__ import annotations

from dataclasses import replace as changed
from pathlib import Path

import certificates
import pytest
from machine import Machine
from release import Edge, Release
from tell import Teller
from worlds import SYSTEM, release

WHY = "is missing: rate limited"


def edge_of(names: tuple[str, ...]) -> Release:
    made = release()
    assert isinstance(made.edge, Edge)
    return changed(made, edge=changed(made.edge, certificates=names))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(SYSTEM, Teller([]), tmp_path)
    made.routes("asked.yaml").parent.mkdir(parents=True)
    return made


@pytest.mark.parametrize("lacking", [{"shop.test": WHY}, {}])
def test_the_edge_reads_another_routes_file_where_a_certificate_is_missing_and_none_elsewhere(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lacking: dict[str, str]
) -> None:
    monkeypatch.setattr(certificates, "start", lambda *_: {})
    monkeypatch.setattr(certificates, "lacking", lambda *_: lacking)
    assert certificates.ask_again(machine, edge_of(("shop.test",))) == 0
    asked = machine.routes("asked.yaml")
    assert asked.exists() is bool(lacking)
    if lacking:
        assert capsys.readouterr().out == f"asking again: certificate shop.test {WHY}\n"
        first = asked.read_text()
        monkeypatch.setattr(certificates.time, "time", lambda: 4_000_000_000.0)
        certificates.ask_again(machine, edge_of(("shop.test",)))
        # Traefik asks when it reads other routes than before
        assert asked.read_text() != first


def test_before_the_first_release_there_is_nothing_to_ask_for(machine: Machine) -> None:
    assert certificates.ask_again(machine, None) == 0
    assert not machine.routes("asked.yaml").exists()
