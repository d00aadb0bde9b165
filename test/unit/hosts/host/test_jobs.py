"""Jobs on a machine that is a folder, with a scripted container engine that counts."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from dataclasses import replace as changed
from pathlib import Path
from typing import Any

import asked_jobs
import job_records
import jobs
import pytest
from act import Work
from look import Look
from machine import Machine
from release import Job, JobStep
from steps import RunJob
from tell import Refused, Teller
from worlds import SYSTEM, job, programs_before, release

# Containers are files, which hold the id of their process; `says` holds what a step does by its service
DOCKER = """#!/bin/bash
echo "$*" >>"$ENGINE/calls"
case $1 in
  ps) ls "$ENGINE/containers" ;;
  stop) kill "$(cat "$ENGINE/containers/$2")" 2>/dev/null; rm -f "$ENGINE/containers/$2" ;;
  rm) rm -f "$ENGINE/containers/$3" ;;
  compose)
    [[ "$*" == *" run "* ]] || exit 0
    name=$(sed 's/.*--name \\([^ ]*\\).*/\\1/' <<<"$*")
    [[ ! -e $ENGINE/containers/$name ]] || { echo "the name $name is in use"; exit 1; }
    echo $$ >"$ENGINE/containers/$name"
    trap 'rm -f "$ENGINE/containers/$name"; exit 143' TERM
    . "$ENGINE/says/${!#}"
    code=$?
    rm -f "$ENGINE/containers/$name"
    exit $code ;;
esac
"""


class Place:
    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.machine = root, Machine(SYSTEM, Teller(["the-secret"]), root)
        for name in ("containers", "says"):
            (root / name).mkdir()
        monkeypatch.setenv("PATH", programs_before(root, {"docker": DOCKER}))
        monkeypatch.setenv("ENGINE", str(root))
        self.machine.state.mkdir(parents=True)

    def says(self, *scripts: str) -> None:
        for number, script in enumerate(scripts, 1):
            (self.root / f"says/job-migrate-{number}").write_text(script)

    def work(self, one: Job) -> Work:
        return Work(self.machine, release(jobs=(one,)), Look(), self.root, {}, {})

    def run(self, one: Job) -> None:
        jobs.run_job(self.work(one), RunJob("it is new", one))

    def calls(self) -> list[str]:
        return [line for line in (self.root / "calls").read_text().splitlines() if " run " in line]

    def record(self) -> Any:
        return json.loads((self.machine.state / "jobs/migrate.json").read_text())


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    return Place(tmp_path, monkeypatch)


def of_steps(count: int, deadline_seconds: int = 60) -> Job:
    made = tuple(JobStep(f"job-migrate-{number}", f"s{number}", ()) for number in range(1, count + 1))
    return changed(job(), steps=made, deadline_seconds=deadline_seconds)


def test_steps_run_one_after_the_other_and_share_a_folder_that_is_gone_afterwards(place: Place) -> None:
    scratch = place.machine.state / "jobs/migrate.scratch"
    place.says(f"echo one >{scratch}/file", f"[ $(cat {scratch}/file) = one ]")
    place.run(of_steps(2))
    assert [line.rsplit(" ", 1)[1] for line in place.calls()] == ["job-migrate-1", "job-migrate-2"]
    assert not scratch.exists()
    assert place.record()["result"] == "" and place.record()["last_success"] > 0


def test_the_first_step_that_fails_ends_the_job_and_the_release_with_its_last_lines_and_no_secret(
    place: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    place.says("echo the schema is odd; echo password the-secret >&2; exit 7", "true")
    with pytest.raises(Refused, match="job migrate at step 1 of 2 ended with code 7: the new release was not started"):
        place.run(of_steps(2))
    assert len(place.calls()) == 1
    said = capfd.readouterr().err
    assert "the schema is odd" in said and "password [secret]" in said and "the-secret" not in said
    assert place.record()["result"] == "at step 1 of 2 ended with code 7"
    assert place.record()["last_success"] == 0


def test_an_overdue_job_is_stopped_and_has_failed(place: Place) -> None:
    place.says("sleep 60 & wait")
    with pytest.raises(Refused, match="had not ended within its deadline of 1 s and was stopped"):
        place.run(of_steps(1, deadline_seconds=1))
    assert not list((place.root / "containers").iterdir())


def test_a_job_that_failed_runs_again_and_its_last_success_is_kept(place: Place) -> None:
    place.says("true")
    place.run(of_steps(1))
    success = place.record()["last_success"]
    place.says("exit 3")
    with pytest.raises(Refused):
        place.run(of_steps(1))
    assert (place.record()["last_success"], place.record()["result"]) == (success, "ended with code 3")
    place.says("true")
    place.run(of_steps(1))
    assert len(place.calls()) == 3 and place.record()["result"] == ""


def test_what_a_killed_run_left_is_removed_before_it_runs_again(place: Place) -> None:
    left = subprocess.Popen(["sleep", "60"])
    (place.root / f"containers/{SYSTEM}-job-migrate-1").write_text(str(left.pid))
    place.says("true")
    place.run(of_steps(1))
    assert left.wait(5) == -signal.SIGTERM


def test_two_of_a_job_at_once_there_never_are(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    begun = place.root / "begun"
    place.says(f"touch {begun}; sleep 1.5")
    one = of_steps(1)
    first = threading.Thread(target=lambda: place.run(one))
    first.start()
    while not begun.exists():
        time.sleep(0.01)
    assert asked_jobs.run_asked(place.machine, release(jobs=(one,)), place.root, "migrate") == 75
    assert "job migrate is already running" in capfd.readouterr().err
    # A release waits for it
    place.run(one)
    first.join()
    assert len(place.calls()) == 2 and place.record()["result"] == ""


def test_a_release_waits_no_longer_for_a_run_under_way_than_its_deadline(place: Place) -> None:
    one = of_steps(1, deadline_seconds=1)
    with jobs.alone(place.machine, one, 0) as first:
        assert first
        with pytest.raises(Refused, match="is already running, and has not ended within 1 s"):
            place.run(one)


def test_an_asked_job_streams_what_it_says_and_ends_with_its_code(
    place: Place, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    place.says("echo first; echo the-secret; exit 5")
    one = changed(of_steps(1), when="asked")
    assert asked_jobs.run_asked(place.machine, release(jobs=(one,)), place.root, "migrate") == 5
    told = capfd.readouterr()
    assert told.out == "first\n[secret]\n"
    assert "error: job migrate ended with code 5" in told.err


def test_a_job_that_is_not_there_is_told_with_those_that_are(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    assert asked_jobs.run_asked(place.machine, release(jobs=(job(),)), place.root, "backup") == 2
    assert "this machine has no job backup: it has migrate" in capfd.readouterr().err


def test_a_run_that_is_killed_is_told_as_killed(place: Place) -> None:
    job_records.folder(place.machine).mkdir()
    record = job_records.begin(place.machine, release(), job())
    assert job_records.read(place.machine, "migrate") == record
    assert record.result == "was killed before its end"


def test_what_a_killed_release_had_begun_is_stopped_and_what_runs_for_others_is_not(place: Place) -> None:
    left = subprocess.Popen(["sleep", "60"])
    (place.root / f"containers/{SYSTEM}-job-migrate-1").write_text(str(left.pid))
    wanted = release(jobs=(job(),))
    with jobs.alone(place.machine, job(), 0):
        jobs.stop_left(place.machine, wanted)
        assert left.poll() is None
    jobs.stop_left(place.machine, wanted)
    assert left.wait(5) == -signal.SIGTERM


def test_a_live_job_whose_last_run_failed_is_told_and_none_that_runs_or_is_of_another_definition(place: Place) -> None:
    place.says("exit 3")
    one = of_steps(1)
    with pytest.raises(Refused):
        place.run(one)
    assert list(jobs.failed(place.machine, release(jobs=(one,)))) == ["migrate"]
    assert jobs.failed(place.machine, release(jobs=(changed(one, definition="j2"),))) == {}
    with jobs.alone(place.machine, one, 0):
        assert jobs.failed(place.machine, release(jobs=(one,))) == {}


def test_a_run_that_ends_well_while_it_is_looked_at_has_not_failed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.says("exit 3")
    one = of_steps(1)
    with pytest.raises(Refused):
        place.run(one)
    alone = jobs.alone

    def later(*words: Any) -> Any:
        monkeypatch.setattr(jobs, "alone", alone)
        place.says("true")
        place.run(one)
        return alone(*words)

    monkeypatch.setattr(jobs, "alone", later)
    assert jobs.failed(place.machine, release(jobs=(one,))) == {}


def test_figures_of_each_run_are_there_for_the_node_exporter_and_go_with_the_job(place: Place) -> None:
    place.says("true")
    place.run(of_steps(1))
    figures = place.root / f"var/lib/berth/figures/{SYSTEM}-migrate.prom"
    assert f'berth_job_succeeded{{system="{SYSTEM}",name="migrate"}} 1' in figures.read_text().splitlines()
    assert figures.stat().st_mode & 0o777 == 0o644
    job_records.forget_gone(place.machine, release(jobs=(job(),)))
    assert figures.exists()
    job_records.forget_gone(place.machine, release())
    assert not figures.exists() and job_records.read(place.machine, "migrate") is None


def of_stream(deadline_seconds: int = 60) -> Job:
    one = of_steps(2, deadline_seconds)
    return changed(one, steps=(changed(one.steps[0], streams=True), one.steps[1]))


def test_a_step_that_streams_runs_together_with_the_next_and_nothing_of_it_lies_in_their_folder(place: Place) -> None:
    scratch = place.machine.state / "jobs/migrate.scratch"
    place.says(
        f"ls -l {scratch} >{place.root}/seen; echo data >{scratch}/stream",
        f"read -r line <{scratch}/stream; [ $line = data ]",
    )
    place.run(of_stream())
    assert place.record()["result"] == ""
    assert "prw-rw-rw-" in (place.root / "seen").read_text()


@pytest.mark.parametrize("number", [1, 2])
def test_a_step_that_fails_ends_the_stream_of_the_other_which_may_clear_up(place: Place, number: int) -> None:
    stream = place.machine.state / "jobs/migrate.scratch/stream"
    waits = (f"cat {stream}", f"until ! echo more >{stream}; do :; done 2>/dev/null")
    clears = f"{waits[0] if number == 1 else waits[1]}; touch {place.root}/cleared; exit 9"
    place.says(*(("exit 4", clears) if number == 1 else (f"trap : PIPE; {clears}", "exit 4")))
    began = time.monotonic()
    with pytest.raises(Refused, match=f"at step {number} of 2 ended with code 4"):
        place.run(of_stream())
    assert (place.root / "cleared").exists()
    assert time.monotonic() - began < 10


def test_steps_of_a_stream_that_are_overdue_are_stopped_both(place: Place) -> None:
    place.says("sleep 60 & wait", "sleep 60 & wait")
    with pytest.raises(Refused, match="had not ended within its deadline of 1 s and was stopped"):
        place.run(of_stream(deadline_seconds=1))
    assert not list((place.root / "containers").iterdir())


def test_steps_after_a_stream_run_when_both_of_its_ends_have_ended(place: Place) -> None:
    stream = place.machine.state / "jobs/migrate.scratch/stream"
    place.says(
        f"echo data >{stream}", f"cat {stream}; sleep 0.3; touch {place.root}/first", f"[ -e {place.root}/first ]"
    )
    one = of_steps(3)
    place.run(changed(one, steps=(changed(one.steps[0], streams=True), *one.steps[1:])))
    assert place.record()["result"] == ""


def test_figures_that_a_step_tells_are_told_from_then_on_and_nothing_else_is(place: Place) -> None:
    figures = place.machine.state / "jobs/migrate.scratch/figures"
    told = 'berth_backup_size_bytes{system="shop",name="mysql"} 1024'
    place.says(f"echo '{told}' >{figures}; echo 'up 1' >>{figures}; echo 'the-secret' >>{figures}")
    place.run(of_steps(1))
    file = place.machine.at(f"/var/lib/berth/figures/{SYSTEM}-migrate.prom")
    assert "# TYPE berth_backup_size_bytes gauge\n" in file.read_text()
    assert told in file.read_text() and "up 1" not in file.read_text() and "secret" not in file.read_text()
    # Also where a later run fails before it has any
    place.says("exit 3")
    with pytest.raises(Refused):
        place.run(of_steps(1))
    assert told in file.read_text()


def test_a_link_in_the_place_of_figures_is_not_followed(place: Place) -> None:
    elsewhere = place.root / "elsewhere"
    elsewhere.write_text("berth_root_only 1\n")
    place.says(f"ln -s {elsewhere} {place.machine.state}/jobs/migrate.scratch/figures")
    place.run(of_steps(1))
    assert place.record()["told"] == ""


def test_parameters_reach_the_steps_of_a_job_that_has_them_and_no_others(
    place: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    place.says("true")
    one = changed(of_steps(1), when="asked", parameters=("INTO",))
    assert asked_jobs.run_asked(place.machine, release(jobs=(one,)), place.root, "migrate", ["INTO=a b=c"]) == 0
    assert "--env INTO=a b=c job-migrate-1" in place.calls()[0]
    assert asked_jobs.run_asked(place.machine, release(jobs=(one,)), place.root, "migrate", ["PATH=/x"]) == 2
    assert "job migrate has no parameter PATH: there are INTO" in capfd.readouterr().err
    assert len(place.calls()) == 1


def test_a_second_stream_of_a_job_begins_without_the_mark_that_the_first_was_whole(place: Place) -> None:
    scratch = place.machine.state / "jobs/migrate.scratch"
    reads = f"cat {scratch}/stream; [ -e {scratch}/whole ]"
    place.says(f"touch {scratch}/whole; echo all >{scratch}/stream", reads, f"echo half >{scratch}/stream", reads)
    one = of_steps(4)
    streams = tuple(changed(step, streams=number % 2 == 0) for number, step in enumerate(one.steps))
    with pytest.raises(Refused, match="at step 4 of 4 ended with code 1"):
        place.run(changed(one, steps=streams))
