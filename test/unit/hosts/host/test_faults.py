"""What a disk that is full, a docker that starts anew or a cut of power meets in the middle of a step."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import act
import edge
import host_files
import machine as machines
import pytest
import room
import services
from act import Work, keep, take_back
from live import Live, Standing, routes_text
from look import Look
from machine import Machine, ProgramFailed, sync_replace
from release import File
from steps import HostFiles, Keep, Switch
from tell import Teller
from worlds import SYSTEM, programs_before, release, service

NO_SPACE = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(SYSTEM, Teller([]), tmp_path)
    made.releases.mkdir(parents=True)
    made.routes("routes.yaml").parent.mkdir()
    return made


def work_on(machine: Machine, **more: Any) -> Work:
    return Work(machine, release(**more), Look(), machine.at("/incoming"), {}, {})


def full(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """A disk that takes not one byte more of files whose path ends so."""
    flushed = machines.flush

    def flush(file: Any) -> None:
        if str(file.name).endswith(path):
            raise NO_SPACE
        flushed(file)

    monkeypatch.setattr(machines, "flush", flush)


def test_a_host_file_that_could_not_be_kept_stays_as_it_was(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", programs_before(machine.root, {"cp": '#!/bin/sh\n: >"$3"; exit 1\n'}))
    placed = machine.at("/etc/berth/rules")
    placed.parent.mkdir(parents=True)
    placed.write_text("the live rules\n")
    file = File("/etc/berth/rules", "host", "0644", "0:0", "sum")
    work = work_on(machine, files=(file,))
    with pytest.raises(ProgramFailed):
        host_files.host_files(work, HostFiles("changed", (file,), (), ()))
    monkeypatch.undo()
    take_back(work)
    assert placed.read_text() == "the live rules\n"
    assert not host_files.half_changed(machine)


def test_a_host_file_is_put_back_as_it_was_kept(machine: Machine) -> None:
    placed = machine.at("/etc/berth/rules")
    placed.parent.mkdir(parents=True)
    placed.write_text("the live rules\n")
    machine.backup.mkdir()
    host_files._back_up(machine, "/etc/berth/rules", [("", "/etc/berth/rules")])
    placed.write_text("half of the n")
    host_files.restore(machine)
    assert placed.read_text() == "the live rules\n"


def test_a_release_whose_folder_does_not_fit_leaves_the_one_of_its_name_whole(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = work_on(machine)
    work.folder.mkdir()
    (work.folder / "release.json").write_text("live")

    def half_moved(_source: str, to: str) -> None:
        Path(to).mkdir()
        raise NO_SPACE

    monkeypatch.setattr(act.shutil, "move", half_moved)
    with pytest.raises(OSError, match="No space"):
        keep(work, Keep("new"))
    assert (work.folder / "release.json").read_text() == "live"
    assert [path.name for path in machine.releases.iterdir()] == [work.folder.name]


@pytest.mark.parametrize("fails", ["history.json.new", "routes.yaml.new", "routes.yaml.former"])
def test_a_switch_that_finds_the_disk_full_leaves_the_former_routes(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    api = service("api", "d1")
    wanted = release("new", (api,))
    former = routes_text(
        release("old", (api,), version="1"), "port @api@\n", Live(4, "old", "1", {"api": Standing("blue", 21000, "d0")})
    )
    routes = machine.routes("routes.yaml")
    routes.write_text(former)
    (machine.state / "history.json").write_text('[{"at": "t", "release": "old", "version": "1"}]')
    work = Work(machine, wanted, Look(), machine.at("/incoming"), {}, {})
    work.folder.mkdir()
    (work.folder / "routes.yaml").write_text("port @api@\n")
    monkeypatch.setattr(edge, "follows", lambda *_: True)
    full(monkeypatch, fails)
    live = Live(5, "new", "2", {"api": Standing("green", 21001, "d1")})
    with pytest.raises(OSError, match="No space"):
        edge.switch(work, Switch("it is new", live))
    # Not one byte can be written by now
    full(monkeypatch, "")
    take_back(work)
    assert "port 21000\n" in routes.read_text()
    assert "# release old 1" in routes.read_text()
    assert [path.name for path in routes.parent.iterdir() if path.name.endswith(".new")] == []


def test_what_can_not_be_written_whole_leaves_nothing_beside_it(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = machine.state / "begun.json"
    path.write_text("before")
    full(monkeypatch, ".new")
    with pytest.raises(OSError, match="No space"):
        sync_replace(path, "after")
    assert path.read_text() == "before"
    assert not (machine.state / ".begun.json.new").exists()


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("Cannot connect to the Docker daemon at unix:///var/run/docker.sock", ["app:1"]),
        ("Error response from daemon: No such image: app:1", []),
    ],
)
def test_an_image_is_forgotten_only_when_docker_says_that_it_is_gone(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, said: str, noted: list[str]
) -> None:
    monkeypatch.setenv("PATH", programs_before(machine.root, {"docker": f"#!/bin/sh\necho '{said}' >&2; exit 1\n"}))
    room._prune_images(machine, ["app:1"], set())
    assert json.loads((machine.state / "pulled.json").read_text()) == noted


# Does not answer at first, as one that starts anew
STARTING = """#!/bin/sh
case $1 in
  version) echo >>"$BOX/asked"; [ $(wc -l <"$BOX/asked") -ge 2 ] ;;
  ps) [ -e "$BOX/asked" ] || { echo "Cannot connect to the Docker daemon" >&2; exit 1; }; echo c0ffee ;;
  rm) echo "$3" >>"$BOX/removed" ;;
esac
"""


def test_a_service_is_stopped_although_docker_starts_anew_at_that_moment(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", programs_before(machine.root, {"docker": STARTING}))
    monkeypatch.setenv("BOX", str(machine.root))
    services.stop_service(machine, "api", "blue", service("api"))
    assert machine.at("/removed").read_text() == "c0ffee\n"
