"""Programs read their own configuration side by side, and all to their end before one of them refuses the release."""

from __future__ import annotations

from pathlib import Path

import pytest
from act import Work
from look import Look
from machine import Machine
from services import check_services
from steps import CheckServices
from tell import Refused, Teller
from worlds import SYSTEM, programs_before, release

# A program ends once both have begun
DOCKER = """#!/bin/bash
case "$*" in
  *"config --services") echo app; echo shipper ;;
  *"run --rm"*)
    service=${*: -1}
    touch "$ENGINE/$service.begun"
    for _ in $(seq 100); do [[ -e $ENGINE/app.begun && -e $ENGINE/shipper.begun ]] && break; sleep 0.1; done
    [[ $service == app ]] || sleep 0.3
    touch "$ENGINE/$service.ended"
    [[ -e $ENGINE/app.begun && -e $ENGINE/shipper.begun ]] || { echo "alone" >&2; exit 1; }
    [[ $service != "$BROKEN" ]] || { echo "unknown directive in line 7" >&2; exit 1; } ;;
esac
"""


@pytest.mark.parametrize("broken", ["", "app", "shipper"])
def test_configurations_are_read_side_by_side_and_the_broken_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.setenv("PATH", programs_before(tmp_path, {"docker": DOCKER}))
    monkeypatch.setenv("ENGINE", str(tmp_path))
    monkeypatch.setenv("BROKEN", broken)
    machine = Machine(SYSTEM, Teller([]), tmp_path)
    work = Work(machine, release(), Look(), tmp_path, {}, {})
    work.folder.mkdir(parents=True)
    (work.folder / "check.yaml").write_text("services: {}\n")
    if broken:
        with pytest.raises(Refused, match=f"the configuration of {broken} is not valid: unknown directive in line 7"):
            check_services(work, CheckServices("they changed"))
    else:
        check_services(work, CheckServices("they changed"))
    assert (tmp_path / "app.ended").exists() and (tmp_path / "shipper.ended").exists()
