"""A command beside a live service, by a scripted container engine: what it passes on, and that nothing is left."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest
from live import Live, Standing, routes_text
from worlds import SYSTEM, process, programs_before, release, service

HOST = Path(__file__).resolve().parents[4] / "src/hosts/host"
DOCKER = """#!/bin/bash
echo "$*" >>"$ENGINE/calls"
[[ $1 != rm ]] || exit 0
env | grep ^A >"$ENGINE/env"
for word in "$@"; do
  [[ ${found-} ]] && words+=("$word")
  [[ $word != api ]] || found=yes
done
"${words[@]}"
"""
SCRIPT = """
import sys
from pathlib import Path
import one_off, worlds
from machine import Machine
from tell import Teller
root = Path(sys.argv[1])
wanted = worlds.release(services=(worlds.service("api", calls=("db",)), worlds.process("page")))
sys.exit(one_off.run(Machine(worlds.SYSTEM, Teller([]), root), wanted, root / "release", sys.argv[2], sys.argv[3:]))
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    edge = tmp_path / f"var/lib/berth/{SYSTEM}/edge"
    edge.mkdir(parents=True)
    wanted = release(services=(service("api"), process("page")))
    live = Live(3, "new", "2", {"api": Standing("green", 21001, "d1")})
    (edge / "routes.yaml").write_text(routes_text(wanted, "", live))
    return tmp_path


def begin(root: Path, *words: str, **how: int) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join(str(path) for path in (HOST, Path(__file__).parent))
    env = {"PATH": programs_before(root, {"docker": DOCKER}), "ENGINE": str(root), "PYTHONPATH": paths}
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
    return subprocess.Popen([sys.executable, "-Bc", SCRIPT, str(root), *words], env=env, **streams)  # type: ignore[call-overload,no-any-return]


def calls(root: Path) -> list[str]:
    return (root / "calls").read_text().splitlines()


def test_a_command_gets_what_is_passed_to_it_its_words_as_they_are_and_its_code_comes_back(root: Path) -> None:
    one = begin(root, "api", "sh", "-c", 'cat; echo "$1"; exit 4', "sh", "it's $HOME")
    out, err = one.communicate(b"given\n")
    assert (one.returncode, out) == (4, b"given\nit's $HOME\n"), err


def test_it_runs_beside_the_live_colour_as_nobody_s_service_and_is_removed_afterwards(root: Path) -> None:
    begin(root, "api", "true").communicate()
    run, gone = calls(root)
    assert f"--project-name {SYSTEM}-run --file {root}/release/colours.yaml run --rm --no-deps --name" in run
    assert "API_COLOUR=green" in (root / "env").read_text()
    assert gone == f"rm --force {run.split('--name ')[1].split()[0]}"


def test_it_has_a_terminal_where_there_is_one_and_none_elsewhere(root: Path) -> None:
    begin(root, "api", "true").communicate()
    ours, theirs = pty.openpty()
    assert begin(root, "api", "true", stdin=theirs, stdout=theirs).wait() == 0
    os.close(ours)
    assert ["--no-TTY" in line for line in calls(root) if " run " in line] == [True, False]


def test_where_the_connection_is_lost_the_container_is_removed_and_the_command_ends(root: Path) -> None:
    one = begin(root, "api", "sh", "-c", "echo $$ >$ENGINE/pid; sleep 60")
    while not (root / "pid").exists():
        time.sleep(0.02)
    for stream in (one.stdout, one.stderr):
        assert stream
        stream.close()
    assert one.wait(20) == 129
    assert calls(root)[-1].startswith("rm --force")


def test_a_service_that_is_not_there_is_told_with_those_that_are(root: Path) -> None:
    one = begin(root, "cache", "env")
    _, err = one.communicate()
    assert one.returncode == 2
    assert "the release of this machine has no service cache: it has api, page" in err.decode()


def test_beside_a_service_of_a_build_it_runs_by_the_services_script_and_its_secret_files_are_removed(
    root: Path,
) -> None:
    script = root / f"etc/berth/{SYSTEM}/page/d1/start"
    script.parent.mkdir(parents=True)
    files = root / "run/berth-files"
    script.write_text(
        f"mkdir -p {files}/{SYSTEM}-page-$1\nKEY=value\nexport KEY\nexec setpriv --no-new-privs -- serve\n"
    )
    one = begin(root, "page", "sh", "-c", f'cat; echo "$KEY $1"; ls {files}; exit 4', "sh", "it's")
    out, err = one.communicate(b"given\n")
    given, told, folder = out.decode().splitlines()
    assert (one.returncode, given, told) == (4, "given", "value it's"), err
    assert folder.startswith(f"{SYSTEM}-page-") and list(files.iterdir()) == []
    assert not (root / "calls").exists()
