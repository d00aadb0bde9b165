"""What a machine tells the node exporter of the requests that its nginx answered."""

from __future__ import annotations

from pathlib import Path

import edge_figures
import pytest
from machine import Machine
from tell import Teller
from worlds import SYSTEM

FOLDER = f"var/log/nginx/berth-{SYSTEM}"


def line(code: int = 200, service: str = "web", seconds: str = "0.050", agent: str = "curl/8") -> str:
    return (
        f'192.0.2.7 - - [29/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" {code} 12 "-" "{agent}" '
        f"upstream=127.0.0.1:21000, 127.0.0.1:21001:502, {code} of={service} in {seconds} s\n"
    )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / "var/lib/berth" / SYSTEM).mkdir(parents=True)
    machine = Machine(SYSTEM, Teller([]), tmp_path)
    log(machine).write_text(line(code=500))
    edge_figures.write(machine)
    return machine


def log(machine: Machine) -> Path:
    return machine.root / FOLDER / "access.log"


def append(machine: Machine, *lines: str) -> None:
    with open(log(machine), "a", encoding="utf-8") as file:
        file.write("".join(lines))


def told(machine: Machine) -> dict[str, str]:
    edge_figures.write(machine)
    lines = edge_figures.path(machine).read_text().splitlines()
    return dict(one.rsplit(" ", 1) for one in lines if not one.startswith("#"))


def requests(code: int, service: str = "web") -> str:
    return f'berth_edge_requests_total{{system="{SYSTEM}",service="{service}",code="{code}"}}'


def within(limit: str) -> str:
    return f'berth_edge_request_duration_seconds_bucket{{system="{SYSTEM}",service="web",le="{limit}"}}'


def test_requests_are_counted_by_service_and_status_from_the_first_look_on(machine: Machine) -> None:
    append(machine, line(), line(code=503), line(service="api"))
    assert requests(500) not in told(machine)
    append(machine, line())
    found = told(machine)
    assert (found[requests(200)], found[requests(503)], found[requests(200, "api")]) == ("2", "1", "1")


def test_durations_are_a_histogram_without_websockets(machine: Machine) -> None:
    append(machine, line(seconds="0.100"), line(seconds="2.000"), line(seconds="9.500"), line(code=101, seconds="900"))
    found = told(machine)
    assert [found[within(limit)] for limit in ("0.1", "0.3", "1.2", "5.0", "+Inf")] == ["1", "1", "1", "2", "3"]
    assert found[f'berth_edge_request_duration_seconds_sum{{system="{SYSTEM}",service="web"}}'] == "11.6"
    assert found[requests(101)] == "1"


def test_a_rotated_log_is_read_to_its_end_before_the_new_one(machine: Machine) -> None:
    append(machine, line())
    log(machine).rename(log(machine).with_name("access.log-20261129-1"))
    log(machine).write_text(line() + line())
    assert told(machine)[requests(200)] == "3"


def test_a_log_that_was_emptied_is_read_from_its_start(machine: Machine) -> None:
    append(machine, line(), line())
    told(machine)
    log(machine).write_text(line())
    assert told(machine)[requests(200)] == "3"


def test_a_line_is_counted_once_it_is_whole(machine: Machine) -> None:
    append(machine, line()[:60])
    assert requests(200) not in told(machine)
    append(machine, line()[60:])
    assert told(machine)[requests(200)] == "1"


def test_what_a_visitor_writes_into_his_request_is_no_figure(machine: Machine) -> None:
    # nginx writes quotes and line ends of a visitor as \x22 and \x0A
    append(machine, line(agent="x\\x22 upstream=- of=api in 1 s"), "of=api in 3 s\n", "\u00ff\n")
    found = told(machine)
    assert found[requests(200)] == "1"
    assert requests(200, "api") not in found


def test_a_kept_count_that_cannot_be_read_begins_anew(machine: Machine) -> None:
    append(machine, line())
    told(machine)
    (machine.state / "edge-figures.json").write_text('{"inode": 1')
    append(machine, line())
    assert requests(200) not in told(machine)


def test_a_machine_without_an_nginx_tells_nothing(tmp_path: Path) -> None:
    machine = Machine(SYSTEM, Teller([]), tmp_path)
    edge_figures.write(machine)
    assert not edge_figures.path(machine).exists()
