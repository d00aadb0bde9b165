"""What a release says while it goes on: which steps there are, and how far one is whose length is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from act import Work, carry_out
from look import Look
from machine import Machine
from services import drain
from steps import CheckFiles, Drain, Stop
from tell import Teller
from worlds import SYSTEM, release


def test_the_steps_are_said_first_and_then_how_far_each_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tell._DOING", tmp_path / "doing")
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    machine = Machine(SYSTEM, Teller([]), tmp_path)
    work = Work(machine, release(), Look(), tmp_path, {}, {})
    plan = (CheckFiles("new"), Drain("it serves", 30), Stop("it is old", "app", "blue"))
    done = {CheckFiles: lambda _work, _step: None, Drain: drain, Stop: lambda _work, _step: None}
    assert carry_out(work, plan, done) == "done"
    said = [line for line in capfd.readouterr().err.splitlines() if not line.endswith("0.0 s")]
    assert said == [
        "steps: configuration, drain",
        "drain: 0 of 2, drain requests, in seconds: 30",
        "drain: 0 of 30 s",
        "drain: 1 of 2, stop app blue",
    ]
