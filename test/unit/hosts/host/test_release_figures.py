"""What a machine tells the node exporter of its releases."""

from __future__ import annotations

from pathlib import Path

import converge
import history
import pytest
import release_figures
from machine import Machine
from tell import Teller
from worlds import SYSTEM, release


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(SYSTEM, Teller([]), tmp_path)
    made.state.mkdir(parents=True)
    return made


def figures(machine: Machine) -> dict[str, str]:
    lines = release_figures.path(machine).read_text().splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


SUCCEEDED = f'berth_release_succeeded{{system="{SYSTEM}"}}'


@pytest.mark.parametrize("code", [0, 1])
def test_how_a_release_went_is_told_and_which_one_is_live_since_when(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    (machine.state / "history.json").write_text('[{"at": "2026-11-23T10:00:00Z", "release": "r1", "version": "1.0.0"}]')
    monkeypatch.setattr(converge, "_converge", lambda *_: code)
    assert converge.converge(machine, release(), machine.root) == code
    found = figures(machine)
    assert found[SUCCEEDED] == str(1 - code)
    live = f'berth_release_live_timestamp_seconds{{system="{SYSTEM}",version="1.0.0",release="r1"}}'
    assert found[live] == "1795428000"
    assert release_figures.path(machine).stat().st_mode & 0o777 == 0o644


def test_a_release_that_ends_by_an_error_of_its_own_is_told_as_failed(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise ValueError("a defect")

    monkeypatch.setattr(converge, "_converge", broken)
    with pytest.raises(ValueError, match="a defect"):
        converge.converge(machine, release(), machine.root)
    assert figures(machine)[SUCCEEDED] == "0"


def test_a_release_that_is_in_place_ends_what_a_failed_one_told_and_is_else_no_news(machine: Machine) -> None:
    release_figures.note_in_place(machine)
    assert figures(machine)[SUCCEEDED] == "1"
    before = release_figures.path(machine).stat().st_ino
    release_figures.note_in_place(machine)
    assert release_figures.path(machine).stat().st_ino == before
    release_figures.note(machine, False, 3)
    release_figures.note_in_place(machine)
    assert figures(machine)[SUCCEEDED] == "1"


def test_a_release_that_went_live_is_told_by_its_version(machine: Machine) -> None:
    history.note_live(machine, "r2", "1.1.0")
    release_figures.note(machine, True, 3.14)
    assert any('version="1.1.0",release="r2"' in name for name in figures(machine))
