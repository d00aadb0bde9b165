"""Steps of jobs that run from a build: started by their script, stopped by their user, without a container engine."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace as changed
from pathlib import Path

import job_steps
import jobs
import programs
import pytest
from act import Work
from look import Look
from machine import Machine
from release import Job, JobStep, Program
from steps import RunJob
from tell import Refused, Teller
from worlds import SYSTEM, job, process, release

USER = "shop-job-migrate-1"


def processes_of_scripts(root: Path) -> Iterator[int]:
    """In the place of a user of their own, which a test can't make"""
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                words = Path(f"/proc/{name}/cmdline").read_bytes().split(b"\0")
                ended = "State:\tZ" in Path(f"/proc/{name}/status").read_text()
            except OSError:
                continue
            if not ended and str(root / "etc").encode() in b" ".join(words) and words[0] == b"/bin/bash":
                yield int(name)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setenv("PATH", f"{tmp_path / 'no-docker'}:/usr/bin:/bin")
    monkeypatch.setenv("LEAKED", "from the engine")
    monkeypatch.setattr(job_steps, "ensure_user", lambda *_: None)
    monkeypatch.setattr(
        programs, "_processes", lambda user: processes_of_scripts(tmp_path) if user == USER else iter(())
    )
    made = Machine(SYSTEM, Teller(["the-secret"]), tmp_path)
    made.state.mkdir(parents=True)
    return made


def script(machine: Machine, text: str, name: str = "job-migrate-1", definition: str = "s1") -> Path:
    path = machine.configuration / name / definition / "start"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def migrate(deadline_seconds: int = 60) -> Job:
    return changed(
        job(), steps=(JobStep("job-migrate-1", "s1", (), Program(USER, "b1")),), deadline_seconds=deadline_seconds
    )


def run(machine: Machine, one: Job) -> None:
    jobs.run_job(Work(machine, release(jobs=(one,)), Look(), machine.root, {}, {}), RunJob("it is new", one))


def test_a_step_of_a_build_is_run_by_its_script_with_nothing_of_the_engines_environment(machine: Machine) -> None:
    script(machine, f'echo "$1 ${{LEAKED-none}}" >{machine.root}/said\n')
    run(machine, migrate())
    assert (machine.root / "said").read_text() == "job none\n"


def test_one_that_fails_ends_the_release_with_its_last_lines_and_no_secret(
    machine: Machine, capfd: pytest.CaptureFixture[str]
) -> None:
    script(machine, "echo no such column; echo the-secret >&2; exit 3\n")
    with pytest.raises(Refused, match="job migrate ended with code 3: the new release was not started"):
        run(machine, migrate())
    said = capfd.readouterr().err
    assert "no such column" in said and "[secret]" in said and "the-secret" not in said


def test_one_that_is_overdue_is_stopped_with_all_that_it_started(machine: Machine) -> None:
    script(machine, "sleep 60 & wait\n")
    with pytest.raises(Refused, match="had not ended within its deadline of 1 s and was stopped"):
        run(machine, migrate(deadline_seconds=1))
    assert list(processes_of_scripts(machine.root)) == []


def test_what_a_killed_run_left_is_stopped_before_it_runs_again_and_its_secret_files_are_gone(machine: Machine) -> None:
    path = script(machine, "true\n")
    (path.parent / "left").write_text("trap '' TERM; while :; do sleep 0.1; done\n")
    left = subprocess.Popen(["/bin/bash", str(path.parent / "left")])
    files = machine.root / f"run/berth-files/{USER}-job"
    files.mkdir(parents=True)
    while not list(processes_of_scripts(machine.root)):
        time.sleep(0.02)
    programs_stop_seconds, programs._STOP_SECONDS = programs._STOP_SECONDS, 1
    try:
        run(machine, migrate())
    finally:
        programs._STOP_SECONDS = programs_stop_seconds
    assert left.wait(5) == -9
    assert not files.exists()


def test_a_command_beside_a_service_takes_the_place_of_its_own(machine: Machine) -> None:
    script(
        machine,
        'cd /tmp\nexport KEY=value PORT="$1"\necho "${0##*/}"\nexec setpriv --no-new-privs -- serve -- always\n',
        name="page",
        definition="d1",
    )
    words = programs.command_beside(
        machine, process("page"), "65999", ("sh", "-c", 'echo "$PWD $KEY $PORT $1"', "sh", "it's")
    )
    answer = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout) == (0, "start\n/tmp value 65999 it's\n"), answer.stderr
