"""What a service said before its end is read once the journal has it."""

from __future__ import annotations

from pathlib import Path

import pytest
from journal import last_lines
from machine import Machine
from tell import Teller
from worlds import SYSTEM, programs_before

# Gets the words of process 42 later than systemd's, and gives them to who asks for the process
JOURNAL = """#!/bin/bash
echo >>"$LOG"
said=$(( $(wc -l <"$LOG") > 2 ))
case "$*" in
  "_PID=42 "*) (( ! said )) || echo "this build is broken" ;;
  *+*"_PID=42 "*) (( ! said )) || echo "this build is broken"; echo "Failed to start docker.service" ;;
esac
"""


def test_the_last_words_of_a_process_are_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = {"systemctl": "#!/bin/sh\necho 42\n", "journalctl": JOURNAL}
    monkeypatch.setenv("PATH", programs_before(tmp_path, programs))
    monkeypatch.setenv("LOG", str(tmp_path / "log"))
    said = last_lines(Machine(SYSTEM, Teller([]), tmp_path), "docker.service")
    assert said == "this build is broken\nFailed to start docker.service\n"
