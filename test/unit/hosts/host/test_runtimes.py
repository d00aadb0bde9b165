"""Versions of languages: which source has the one that is asked for, and one clear message where none has."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import builds
import look
import pytest
import runtimes
from machine import Answer, Machine
from release import Build, Runtime, from_json
from tell import Refused, Teller
from worlds import SYSTEM

NODE = Runtime("node", "22.12.0", "https://nodejs.org/dist")
PYTHON = Runtime("python", "3.8.9", "")
SUM = "a" * 64
SUMS = "\n".join(f"{SUM}  node-v22.12.0-{kind}" for kind in ("linux-x64.tar.gz", "linux-x64.tar.xz", "win-x64.zip"))


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(SYSTEM, Teller([]), tmp_path)
    monkeypatch.setattr(made, "run", lambda *words: Path(words[-1]).mkdir() if words[0] == "install" else None)
    monkeypatch.setattr(runtimes.platform, "machine", lambda: "x86_64")
    return made


def place(machine: Machine, answers: Mapping[str, Answer | Callable[..., Answer]]) -> tuple[runtimes.Place, list[str]]:
    """What the build's user would run, by a part of the command; the first that fits answers"""
    asked: list[str] = []

    def ask(*words: str, cwd: Path | None = None) -> Answer:
        line = " ".join(words)
        asked.append(line)
        found = next((answer for part, answer in answers.items() if part in line), Answer(127, "", "not there"))
        return found if isinstance(found, Answer) else found(words)

    return runtimes.Place(machine, ask, "builder", machine.root, machine.root), asked


def says(version: str) -> Answer:
    return Answer(0, f"v{version}\n", "")


def file(text: str) -> Callable[..., Answer]:
    def write(words: tuple[str, ...]) -> Answer:
        Path(words[words.index("--output") + 1]).write_text(text)
        return Answer(0, "200", "")

    return write


SOURCE: Mapping[str, Answer | Callable[..., Answer]] = {
    "/usr/bin/node": says("20.19.2"),
    "SHASUMS256": file(SUMS),
    "curl": file("an archive"),
    "sha256sum": Answer(0, f"{SUM}  x\n", ""),
    "tar -xzf": Answer(0, "", ""),
    "bin/node --version": says("22.12.0"),
}


@pytest.mark.parametrize(
    ("found", "wanted", "fits"),
    [
        ("3.13.5", "3.13.5", True),
        ("3.13.5", "3.13", True),
        ("20.19.2", "20", True),
        ("3.13.5", "3.1", False),
        ("3.13.5", "3.13.50", False),
        ("20.19.2", "2", False),
        ("", "3.8.9", False),
    ],
)
def test_a_version_is_the_one_that_is_asked_for_by_all_its_numbers_or_the_first(
    found: str, wanted: str, fits: bool
) -> None:
    assert runtimes.is_of(found, wanted) is fits


def test_debians_is_used_where_it_matches_and_nothing_is_fetched(machine: Machine) -> None:
    there, asked = place(machine, {"/usr/bin/node --version": says("20.19.2")})
    debians = Runtime("node", "20", NODE.origin)
    runtimes.ensure(there, debians)
    assert asked == ["/usr/bin/node --version"]
    assert runtimes.stands(machine, debians)
    assert not (machine.sources / "runtimes/node-20").exists()


def test_another_version_is_fetched_checked_and_kept(machine: Machine) -> None:
    there, asked = place(machine, SOURCE)
    runtimes.ensure(there, NODE)
    assert [line.rsplit(" ", 1)[1] for line in asked if line.startswith("curl")] == [
        "https://nodejs.org/dist/v22.12.0/SHASUMS256.txt",
        "https://nodejs.org/dist/v22.12.0/node-v22.12.0-linux-x64.tar.gz",
    ]
    assert runtimes.stands(machine, NODE)
    asked.clear()
    runtimes.ensure(there, NODE)
    assert asked == []


def test_a_first_number_is_looked_up_once(machine: Machine) -> None:
    there, asked = place(machine, SOURCE)
    runtimes.ensure(there, Runtime("node", "22", NODE.origin))
    assert any("https://nodejs.org/dist/latest-v22.x/SHASUMS256.txt" in line for line in asked)
    assert (machine.sources / "runtimes/node-22.version").read_text() == "22.12.0 of https://nodejs.org/dist\n"


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"SHASUMS256": Answer(22, "404", "curl: (22) 404")}, "https://nodejs.org/dist has no node 22.12.0: choose"),
        ({"SHASUMS256": file("nothing for it")}, "has no node 22.12.0 for x86_64: choose another version"),
        (
            {"SHASUMS256": Answer(6, "000", "curl: (6) Could not resolve host: nodejs.org")},
            r"node 22.12.0 can't be fetched from https://nodejs.org/dist: curl: \(6\) Could not resolve host",
        ),
        (
            {"sha256sum": Answer(0, f"{'b' * 64}  x\n", "")},
            f"is not what its SHASUMS256.txt says, {SUM}: nothing of it",
        ),
        ({"tar -xzf": Answer(2, "", "")}, "can't be unpacked"),
        ({"bin/node --version": says("22.1.0")}, "does not run as that version: it says 22.1.0"),
    ],
)
def test_what_can_not_be_had_is_told_in_one_message_and_leaves_nothing(
    machine: Machine, broken: Mapping[str, Answer], why: str
) -> None:
    answers = {"/usr/bin/node": SOURCE["/usr/bin/node"], **broken, **SOURCE, **broken}
    with pytest.raises(Refused, match=why):
        runtimes.ensure(place(machine, answers)[0], NODE)
    assert not runtimes.stands(machine, NODE)
    assert list((machine.sources / "runtimes").iterdir()) == []


def test_an_archive_of_another_sum_is_never_unpacked(machine: Machine) -> None:
    there, asked = place(machine, {**SOURCE, "sha256sum": Answer(0, f"{'b' * 64}  x\n", "")})
    with pytest.raises(Refused):
        runtimes.ensure(there, NODE)
    assert not any(line.startswith("tar") for line in asked)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("error: No download found for request: cpython-3.8.99", "uv knows no python 3.8.9 for this machine: choose"),
        ("error: Failed\n  cause: Hash mismatch for `x`\n\n  Expected:\n  00", "is not what uv says, by its sum"),
        (
            "error: Failed to install\n  cause: tcp connect error\n  cause: Connection refused (os error 111)",
            r"python 3.8.9 can't be fetched: Connection refused \(os error 111\)",
        ),
    ],
)
def test_why_there_is_no_python_is_told_in_one_message(said: str, why: str) -> None:
    assert re.search(why, runtimes.why_no_python(PYTHON, Answer(1, "", said)))


def test_a_python_is_had_by_uv_whose_own_sum_pip_checks(machine: Machine) -> None:
    def installed(words: tuple[str, ...]) -> Answer:
        made = Path(words[words.index("--install-dir") + 1]) / "cpython-3.8.9-linux"
        for part in ("bin", "lib"):
            (made / part).mkdir(parents=True)
        return Answer(0, "", "")

    answers = {
        "/usr/bin/python3 --version": says("3.13.5"),
        "-m venv": Answer(0, "", ""),
        "--require-hashes": Answer(0, "", ""),
        "uv python install": installed,
        "bin/python3 -c import platform": says("3.8.9"),
    }
    (machine.root / "builds").mkdir()
    (machine.root / "builds/uv.txt").write_text("uv==1 --hash=sha256:0\n")
    there, asked = place(machine, answers)
    runtimes.ensure(there, PYTHON)
    # The user who fetches reads no release
    (of_pip,) = [line for line in asked if "--require-hashes" in line]
    assert of_pip.endswith(f"-r {machine.root}/uv.txt")
    for part in ("bin", "lib"):
        assert (machine.sources / "runtimes/python-3.8.9" / part).resolve().parent.name == "cpython-3.8.9-linux"
    # GitHub's, by the sums that uv brings
    assert not any("--python-downloads-json-url" in line for line in asked)
    with pytest.raises(Refused, match=r"uv, which fetches python 3.9.1, can't be had by pip: no such host"):
        runtimes.ensure(
            place(machine, {**answers, "--require-hashes": Answer(1, "", "retrying\nno such host")})[0],
            Runtime("python", "3.9.1", ""),
        )


def test_a_version_that_no_kept_release_uses_goes(machine: Machine) -> None:
    there, _ = place(machine, SOURCE)
    runtimes.ensure(there, NODE)
    build = Build("b1", "https://git.test/x", "v1", "builder", (NODE,))
    builds.prune(machine, [build])
    assert runtimes.stands(machine, NODE)
    builds.prune(machine, [Build("b1", "https://git.test/x", "v1", "builder")])
    assert list((machine.sources / "runtimes").iterdir()) == []


def test_a_build_stands_only_with_the_version_that_runs_it(machine: Machine) -> None:
    build = Build("b1", "https://git.test/x", "v1", "builder", (NODE,))
    (machine.sources / "builds/b1").mkdir(parents=True)
    (machine.sources / "builds/b1.commit").touch()
    assert not look.is_built(machine, build)
    runtimes.ensure(place(machine, SOURCE)[0], NODE)
    assert look.is_built(machine, build)


def test_a_release_says_which_versions_its_builds_need() -> None:
    read = {"name": "b1", "repository": "https://git.test/x", "revision": "v1", "user": "builder"}
    plain = {key: [] for key in ("services", "files", "folders", "packages", "images", "units", "bootUnits")}
    rest = {"format": 1, "system": "x", "version": "1", "name": "r", "adopted": False, "volumeDevices": []}
    node = {"language": "node", "version": "22.12.0", "origin": NODE.origin}
    told = from_json({**plain, **rest, "minimumFreeMb": 0, "drainSeconds": 0, "builds": [{**read, "runtimes": [node]}]})
    assert told.builds[0].runtimes == (NODE,)
