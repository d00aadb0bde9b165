"""What services said, by a scripted container engine and journal: every line with its time, and no secret."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import logs
import pytest
from logs import Wanted, in_container, of_process, wanted_of
from worlds import SYSTEM, programs_before

HOST = Path(__file__).resolve().parents[4] / "src/hosts/host"
DOCKER = """#!/bin/bash
echo "docker $*" >>"$CALLS"
if [[ $1 == ps ]]; then echo "c1 api"; echo "c2 db"; [[ ! -e $CALLS.new ]] || echo "c3 api"; exit 0; fi
echo "2026-05-01T08:00:00.5Z ${!#} uses Hunter2"
echo "2026-05-01T08:00:01Z ${!#} fails" >&2
[[ " $* " != *" --follow "* ]] || exec sleep 60
"""
JOURNAL = """#!/bin/bash
echo "journalctl $*" >>"$CALLS"
echo '{"__REALTIME_TIMESTAMP":"1777622400250000","MESSAGE":"shop-page-blue listens"}'
"""
SCRIPT = """
import sys
from pathlib import Path
import logs, worlds
from machine import Machine
from tell import Teller
wanted = worlds.release(services=(worlds.service("api"), worlds.service("db"), worlds.process("page")))
sys.exit(logs.show(Machine(worlds.SYSTEM, Teller(["Hunter2"])), wanted, sys.argv[1:]))
"""


def begin(root: Path, *words: str) -> subprocess.Popen[str]:
    paths = os.pathsep.join(str(path) for path in (HOST, Path(__file__).parent))
    programs = programs_before(root, {"docker": DOCKER, "journalctl": JOURNAL})
    env = {"PATH": programs, "CALLS": str(root / "calls"), "PYTHONPATH": paths}
    return subprocess.Popen([sys.executable, "-Bc", SCRIPT, *words], env=env, text=True, stdout=subprocess.PIPE)


def calls(root: Path) -> list[str]:
    return (root / "calls").read_text().splitlines()


def test_the_last_lines_of_each_service_are_told_both_streams_without_a_secret(tmp_path: Path) -> None:
    said, _ = begin(tmp_path, "lines=5", "api", "page").communicate(timeout=20)
    assert sorted(said.splitlines()) == [
        "2026-05-01T08:00:00.250000Z\tpage\tlistens",
        "2026-05-01T08:00:00.5Z\tapi\tc1 uses [secret]",
        "2026-05-01T08:00:01Z\tapi\tc1 fails",
    ]
    assert "docker logs --timestamps --tail 5 c1" in calls(tmp_path)
    [journal] = [call for call in calls(tmp_path) if call.startswith("journalctl")]
    assert f"--grep=^{SYSTEM}-(page)-(blue|green)  --lines=5 --until=@" in journal


def test_from_a_moment_on_everything_is_read(tmp_path: Path) -> None:
    begin(tmp_path, "since=1777622400.25", "api", "page").communicate(timeout=20)
    assert "docker logs --timestamps --since 2026-05-01T08:00:00.250000+00:00 c1" in calls(tmp_path)
    [journal] = [call for call in calls(tmp_path) if call.startswith("journalctl")]
    assert journal.endswith("--since=@1777622400.250000 --no-tail")


def test_a_container_that_starts_meanwhile_is_followed_too_until_nobody_reads(tmp_path: Path) -> None:
    under_way = begin(tmp_path, "lines=1", "follow", "api")
    assert under_way.stdout
    first = [under_way.stdout.readline() for _ in range(2)]
    (tmp_path / "calls.new").touch()
    assert [line.split("\t")[2][:2] for line in first] == ["c1", "c1"]
    assert under_way.stdout.readline().split("\t")[2].startswith("c3 ")
    under_way.stdout.close()
    began = time.monotonic()
    assert under_way.wait(timeout=20) == 0
    # Its readers go with it, and do not sleep to their end
    assert time.monotonic() - began < 15
    assert [call for call in calls(tmp_path) if " logs " in call and call.endswith("c1")] == [
        "docker logs --timestamps --tail 1 --follow c1"
    ]


@pytest.mark.parametrize("line", ["", "no time", "unable to retrieve container logs"])
def test_a_line_without_its_time_is_none(line: str) -> None:
    assert in_container("api", line) is None


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"__REALTIME_TIMESTAMP":"1","MESSAGE":null}'])
def test_an_entry_that_is_no_text_is_none(line: str) -> None:
    assert of_process("shop", line) is None


def test_a_text_in_another_encoding_is_told() -> None:
    line = '{"__REALTIME_TIMESTAMP":"1777622400000001","MESSAGE":[115,104,111,112,45,97,32,252,33]}'
    assert of_process("shop", line) == ("2026-05-01T08:00:00.000001Z", "a", "\ufffd!")


def test_a_system_whose_name_has_a_dash_keeps_its_services() -> None:
    line = '{"__REALTIME_TIMESTAMP":"1777622400000001","MESSAGE":"my-shop-web-page-green one two"}'
    assert of_process("my-shop", line) == ("2026-05-01T08:00:00.000001Z", "web-page", "one two")


def test_words_are_bounds_and_services(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs.time, "time", lambda: 7.0)
    assert wanted_of(["since=5.5", "follow", "api"]) == Wanted(("api",), 7.0, 5.5, 100, True)
    assert wanted_of(["lines=3", "api", "db"]) == Wanted(("api", "db"), 7.0, None, 3, False)
