"""The way back on a machine: which release, what stands against it, and what is told of it afterwards."""

from __future__ import annotations

import json
from dataclasses import replace as changed
from pathlib import Path

import act
import how
import pytest
import steps
import way_back
from act import Work
from history import Record
from how import How
from job_records import JobRecord
from look import Look
from machine import Machine
from plan import plan
from release import Release
from tell import Refused, Teller
from worlds import SYSTEM, all_led_to, carried_out, job, process, release, service, settled

OLD = release("old", (service("api", "d1"),), version="1")
NEW = release("new", (service("api", "d2"),), version="2")
RECORDS = (Record("t0", "older", "0"), Record("t1", "old", "1"), Record("t2", "new", "2"))
KEPT = ("older", "old", "new")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(SYSTEM, Teller([]), tmp_path)
    made.state.mkdir(parents=True)
    return made


def write_history(machine: Machine, *records: Record) -> None:
    (machine.state / "history.json").write_text(json.dumps([vars(one) for one in records]))


@pytest.mark.parametrize(("to", "found"), [("", "old"), ("0", "older"), ("older", "older"), ("1", "old")])
def test_the_release_before_is_brought_back_or_the_one_that_is_named_by_version_or_release(to: str, found: str) -> None:
    assert way_back.chosen(RECORDS, KEPT, "new", to).release == found


def test_a_second_way_back_does_not_lead_to_what_the_first_one_left_unless_it_is_named() -> None:
    records = (*RECORDS, Record("t3", "old", "1"))
    known = (How("t2", "new", 3, "", how.RELEASE), How("t3", "old", 3, "", how.ROLLBACK, False))
    left = how.left(known, records)
    assert left == {"new"}
    assert way_back.chosen(records, KEPT, "old", "", left).release == "older"
    assert way_back.chosen(records, KEPT, "old", "2", left).release == "new"


@pytest.mark.parametrize(
    ("kept", "to", "told"),
    [
        (("new",), "", "there is no way back to a former release: this machine has no other release"),
        (("new", "old"), "0", "there is no way back to 0: this machine has 1 (release old, live from t1)"),
        (KEPT, "2", "2 is live already; this machine has 1 (release old"),
        (KEPT, "new", "new is live already"),
    ],
)
def test_where_there_is_no_way_back_it_is_told_what_there_is(kept: tuple[str, ...], to: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        way_back.chosen(RECORDS, kept, "new", to)
    assert told in str(refused.value)


def test_a_way_back_pulls_nothing_runs_no_job_and_ends_where_the_former_release_is_in_place() -> None:
    old, new = (changed(one, jobs=(job("migrate", one.version),)) for one in (OLD, NEW))
    seen = carried_out(settled(old), new)
    back = way_back.steps_back(seen, old)
    done_before = (steps.Pull, steps.MakeBuild, steps.Install, steps.RunJob, steps.CheckServices)
    assert not [step for step in back if isinstance(step, done_before)]
    assert [str(step) for step in back if isinstance(step, (steps.Start, steps.Switch, steps.Stop))] == [
        "start api blue",
        "switch to generation 3, api in blue",
        "stop api green",
    ]
    after = carried_out(seen, old)
    assert all_led_to(after, after.live)
    assert plan(after, old) == ()


@pytest.mark.parametrize(
    ("gone", "target", "told"),
    [
        ({"images_missing": ("db:1",)}, changed(OLD, images=("app:1", "db:1")), "db:1 is no longer on this machine, which has app:1"),
        ({"packages_missing": ("nginx",)}, OLD, "nginx is no longer on this machine, which has app:1"),
        ({"builds": ()}, release("old", (process("api"),), version="1"), "b1 is no longer on this machine, which has app:1"),
    ],
)  # fmt: skip
def test_what_is_no_longer_on_the_machine_is_refused_with_what_is_there(
    gone: dict[str, tuple[str, ...]], target: Release, told: str
) -> None:
    seen = changed(carried_out(settled(target), NEW), **gone)
    with pytest.raises(Refused) as refused:
        way_back.steps_back(seen, target)
    assert told in str(refused.value)


def ran(definition: str, result: str = "") -> dict[str, JobRecord]:
    return {"migrate": JobRecord("migrate", definition, "2", 1_800_000_000, result, 1.0, 0)}


@pytest.mark.parametrize(
    ("live", "target", "known", "told"),
    [
        (("j2",), ("j1",), ran("j2"), "job migrate of 2 has run at 2027-01-15 08:00:00 UTC and succeeded"),
        (("j1",), ("j1",), ran("j9", "ended with code 1"), "job migrate of 2 has run at 2027-01-15 08:00:00 UTC and ended with code 1"),
        (("j2",), (), ran("j2"), "job migrate of 2 has run"),
        (("j1",), ("j1",), ran("j1"), ""),
        (("j2",), ("j1",), {}, ""),
        ((), (), ran("j2"), ""),
    ],
)  # fmt: skip
def test_a_schema_may_have_moved_where_a_job_of_a_release_has_run_since(
    live: tuple[str, ...], target: tuple[str, ...], known: dict[str, JobRecord], told: str
) -> None:
    of = [changed(one, jobs=tuple(job("migrate", name) for name in names)) for one, names in ((NEW, live), (OLD, target))]  # fmt: skip
    moves = way_back.moved(of[0], of[1], known)
    assert moves.startswith(told) if told else moves == ""


def test_a_job_that_was_asked_for_moves_no_schema() -> None:
    of = [changed(one, jobs=(job("migrate", one.version, "asked"),)) for one in (NEW, OLD)]
    assert way_back.moved(of[0], of[1], ran("2")) == ""


def test_the_folder_of_a_release_that_is_brought_back_stays_where_it_is(machine: Machine) -> None:
    folder = machine.releases / "old"
    folder.mkdir(parents=True)
    (folder / "release.json").write_text("kept")
    act.keep(Work(machine, OLD, Look(), folder, {}, {}), steps.Keep("it is kept"))
    assert (folder / "release.json").read_text() == "kept"
    assert [path.name for path in machine.releases.iterdir()] == ["old"]


def test_a_way_back_differs_from_the_stack_until_the_stack_has_deployed_it(machine: Machine) -> None:
    write_history(machine, Record("t2", "new", "2"), Record("t3", "old", "1"))
    how.note(machine, "old", 2.34, "ops", how.ROLLBACK)
    [told] = how.apart(how.read(machine), RECORDS[2:] + (Record("t3", "old", "1"),))
    assert told.what == (
        "was brought back on the machine at t3 by ops, from version 2 to 1: the stack has not deployed it since"
    )
    how.note(machine, "old")
    assert how.apart(how.read(machine), (Record("t3", "old", "1"),)) == ()
    # How it went live is still known
    assert how.read(machine) == (How("t3", "old", 2.3, "ops", how.ROLLBACK, True),)


def test_a_release_that_did_not_go_live_is_not_told_as_one_that_did(machine: Machine) -> None:
    write_history(machine, Record("t2", "new", "2"))
    how.note(machine, "old", 2, "ops", how.ROLLBACK)
    assert how.read(machine) == ()


def test_a_machine_that_does_not_know_how_its_releases_went_live_says_nothing_of_it(machine: Machine) -> None:
    assert how.apart(how.read(machine), RECORDS) == ()
    (machine.state / "how.json").write_text("[{")
    assert how.read(machine) == ()
