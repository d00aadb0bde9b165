"""What `sudo berth` tells on a machine."""

from __future__ import annotations

import argparse
from dataclasses import replace as changed

import here
import here_texts
import pytest
from differences import differences
from history import Record
from how import ROLLBACK, How
from tell import Refused
from worlds import container, release, service, settled

RECORDS = (Record("2026-01-01T00:00:00Z", "r1", "1.0"), Record("2026-01-02T00:00:00Z", "r2", "2.0"))
KNOWN = (How(RECORDS[1].at, "r2", 3.4, "ops"),)
SHOP = release("r2", (service("api"), service("db", rollout="replace")), version="2.0")


def test_the_live_release_is_told_with_its_services_and_what_differs() -> None:
    seen = settled(SHOP)
    assert list(here_texts.status(SHOP, seen, RECORDS, KNOWN, differences(seen, SHOP))) == [
        "shop 2.0, release r2",
        "live since 2026-01-02T00:00:00Z, before it 1.0, in 3.4 s, released by ops",
        "services",
        "  api  blue  well  Up",
        "  db         well  Up",
        "nothing differs from the release",
    ]
    fallen = container("api", "d1", "blue", "exited", "Exited (1)")
    others = tuple(one for one in seen.containers if one.service != "api")
    seen = changed(seen, containers=(*others, fallen))
    told = list(here_texts.status(SHOP, seen, RECORDS, (), differences(seen, SHOP)))
    assert "  api  blue  NOT WELL  Exited (1)" in told
    assert told[-2:] == ["differs from the release", "  container  shop-blue/api is not well: Exited (1)"]


def test_the_history_tells_when_what_how_long_and_by_whom_the_latest_first() -> None:
    records = (*RECORDS, Record("2026-01-03T00:00:00Z", "r1", "1.0"))
    known = (*KNOWN, How(records[2].at, "r1", 2.1, "", ROLLBACK, False))
    told = here_texts.history(records, known, ["r1", "r2"])
    assert here_texts.history_lines(told) == [
        "LIVE SINCE            VERSION  RELEASE  BEFORE IT  TOOK   BY",
        "2026-01-03T00:00:00Z  1.0      r1       2.0        2.1 s       live, brought back",
        "2026-01-02T00:00:00Z  2.0      r2       1.0        3.4 s  ops  kept",
        "2026-01-01T00:00:00Z  1.0      r1                              kept",
    ]
    assert [one["left"] for one in told] == [False, True, False]


@pytest.mark.parametrize(("named", "there", "found"), [(None, ["shop"], "shop"), ("mad", ["mad", "shop"], "mad")])
def test_a_system_is_named_where_there_are_several(named: str | None, there: list[str], found: str) -> None:
    assert here.chosen(named, there) == found


@pytest.mark.parametrize(
    ("named", "told"),
    [(None, "several systems: name one of mad, shop"), ("oops", "no system oops: it has mad, shop")],
)
def test_where_it_is_not_clear_which_system_is_meant_those_there_are_are_told(named: str | None, told: str) -> None:
    with pytest.raises(Refused, match=told):
        here.chosen(named, ["mad", "shop"])


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("15m", 900), ("2h", 7200), ("1d", 86400)])
def test_a_time_is_told_as_on_the_command_line_of_the_stack(text: str, seconds: int) -> None:
    assert here._seconds(text) == seconds
    with pytest.raises(argparse.ArgumentTypeError):
        here._seconds(f"{text}x")
