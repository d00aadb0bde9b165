"""Which steps a release takes, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace as changed

import pytest
import steps
from differences import differences
from live import Live, Standing
from look import FileState, Look, in_order
from plan import choose, memory_needed, plan
from release import DOCKER_SETTINGS, Edge, File, Release
from steps import HostFiles
from worlds import BARE, container, job, process, release, service, settled

API, FRONT, DB = service("api"), service("front", calls=("api",)), service("db", rollout="replace")


def kinds(seen: Look, wanted: Release) -> list[str]:
    return [type(step).__name__ for step in plan(seen, wanted)]


def test_a_bare_machine_gets_everything_in_the_order_in_which_it_is_needed() -> None:
    assert kinds(BARE, release(services=(DB, API, FRONT))) == [
        *("Keep", "Install", "Hold", "MakeRoom", "CheckFiles", "HostFiles", "Pull", "ReleaseFiles", "CheckServices"),
        *("StartEdge", "Start", "Start", "Replace", "Switch", "AwaitCertificates", "Drain", "StartUnits", "Finish"),
    ]


def test_a_machine_at_its_release_has_nothing_to_do() -> None:
    wanted = release(services=(DB, API, FRONT))
    assert plan(settled(wanted), wanted) == ()


def test_only_what_changed_is_started_beside_the_old_and_the_old_goes_after_the_switch() -> None:
    seen = settled(release("old", (DB, API)))
    made = plan(seen, release(services=(DB, service("api", "d2"))))
    assert [str(step) for step in made if isinstance(step, (steps.Start, steps.Replace, steps.Switch, steps.Stop))] == [
        "start api green",
        "switch to generation 2, api in green",
        "stop api blue",
    ]
    assert [step.reason for step in made if isinstance(step, steps.Start)] == ["its definition changes, d1 → d2"]


def test_what_calls_a_changed_service_changes_too() -> None:
    seen = settled(release("old", (API, FRONT)))
    wanted = release(services=(service("api", "d2"), FRONT))
    assert [(one.service.name, one.standing.colour, one.reason) for one in choose(seen, wanted)] == [
        ("api", "green", "its definition changes, d1 → d2"),
        ("front", "green", "it calls api, which changes"),
    ]


@pytest.mark.parametrize(
    ("state", "status", "why"),
    [("exited", "Exited (137)", "it is not well: Exited (137)"), ("running", "Up (unhealthy)", "it is not well: Up (unhealthy)")],
)  # fmt: skip
def test_a_service_that_is_not_well_gets_the_other_colour(state: str, status: str, why: str) -> None:
    wanted = release(services=(API,))
    seen = settled(wanted)
    edge = tuple(one for one in seen.containers if one.service == "traefik")
    seen = changed(seen, containers=(*edge, container("api", "d1", "blue", state, status)))
    [choice] = choose(seen, wanted)
    assert (choice.standing, choice.reason) == (Standing("green", API.green, "d1"), why)
    assert [str(step) for step in plan(seen, wanted) if isinstance(step, steps.Stop)] == ["stop api blue"]


def test_a_replaced_service_is_replaced_where_its_definition_changed_and_no_edge_is_switched_for_it() -> None:
    seen = settled(release(services=(DB, API)))
    wanted = release(services=(service("db", "d2", "replace"), API))
    assert "Replace" in kinds(seen, wanted)
    assert "Switch" not in kinds(seen, wanted)


def test_a_release_job_runs_once_before_anything_of_the_new_release_starts_with_its_reason() -> None:
    seen = settled(release("old", (DB, API), jobs=(job(),)))
    wanted = release(services=(DB, service("api", "d2")), jobs=(job("migrate", "j2"), job("restore", when="asked")))
    names = kinds(seen, wanted)
    assert names.count("RunJob") == 1
    assert names.index("CheckServices") < names.index("RunJob") < names.index("Start") < names.index("Switch")
    [step] = [one for one in plan(seen, wanted) if isinstance(one, steps.RunJob)]
    assert (str(step), step.reason) == ("run migrate", "its definition changes, j1 → j2")


def test_a_release_whose_job_is_the_live_ones_runs_none_whatever_else_changes() -> None:
    seen = settled(release("old", (API,), jobs=(job(),)))
    assert "RunJob" not in kinds(seen, release(services=(service("api", "d2"),), jobs=(job(),)))


def test_a_machine_that_is_mended_runs_no_job_of_its_release_again() -> None:
    wanted = release(services=(API,), jobs=(job(),))
    seen = changed(settled(wanted), containers=())
    assert "Start" in kinds(seen, wanted) and "RunJob" not in kinds(seen, wanted)


def test_what_a_job_calls_is_replaced_before_it_and_what_it_does_not_call_after_the_new_services() -> None:
    other = service("queue", rollout="replace")
    made = plan(BARE, release(services=(DB, other, API), jobs=(job(calls=("db",)),)))
    kept = [str(step) for step in made if isinstance(step, (steps.RunJob, steps.Replace, steps.Start))]
    assert kept == ["replace db", "run migrate", "start api blue", "replace queue"]


def test_a_job_beside_both_colours_must_find_room() -> None:
    wanted = release(services=(API,), jobs=(job(),))
    assert memory_needed(BARE, wanted, []) == (100 + 80) // 2


def test_an_edge_that_changed_is_left_alone_unless_its_restart_is_asked_for() -> None:
    def wanted(restart: bool) -> Release:
        edge = Edge("traefik", "e2", "10080:10080", restart, "routes.yaml", "shop.test", "https", 443, "/", "2..", ())
        return release(services=(service("api", "d2"),), edge=edge)

    seen = settled(release("old", (API,)))
    assert "LeaveEdge" in kinds(seen, wanted(False)) and "StartEdge" not in kinds(seen, wanted(False))
    assert "StartEdge" in kinds(seen, wanted(True)) and "LeaveEdge" not in kinds(seen, wanted(True))


def test_a_missing_certificate_is_asked_for_by_new_routes_without_a_service_that_moves() -> None:
    wanted = release(services=(API,))
    seen = changed(settled(wanted), certificates={"shop.test": "is missing"})
    assert [name for name in kinds(seen, wanted) if name in ("Start", "Switch")] == ["Switch"]


def test_files_that_the_release_no_longer_has_go_before_it_and_what_the_former_edge_reads_goes_after_the_switch() -> (
    None
):
    proxy = File("/etc/apt/apt.conf.d/80berth-proxy", "host", "0644", "0:0", "x")
    site = File("/etc/nginx/conf.d/berth-shop.conf", "host", "0644", "0:0", "x", "nginx", "nginx")
    seen = changed(settled(release("old", (API,))), former_files=(proxy, site))
    made = plan(seen, release(services=(API,)))
    assert [step.remove for step in made if isinstance(step, steps.HostFiles)] == [(proxy,)]
    assert [step.remove for step in made if isinstance(step, steps.Finish)] == [(site,)]
    assert not any(
        isinstance(step, steps.HostFiles) for step in plan(changed(seen, former_files=()), release(services=(API,)))
    )


def test_the_timer_of_a_job_that_a_release_no_longer_has_goes_after_the_switch() -> None:
    timer = File("/etc/systemd/system/berth-job-shop-backup.timer", "host", "0644", "0:0", "x", None, "systemd")
    seen = changed(settled(release("old", (API,))), former_files=(timer,))
    made = plan(seen, release(services=(API,)))
    assert not any(isinstance(step, steps.HostFiles) for step in made)
    assert [step.remove for step in made if isinstance(step, steps.Finish)] == [(timer,)]


def test_rules_that_are_not_in_force_are_put_in_force_with_no_file_changed() -> None:
    wanted = release(services=(API,))
    for state in ("other", "trial"):
        [step] = [
            one for one in plan(changed(settled(wanted), firewall=state), wanted) if isinstance(one, steps.HostFiles)
        ]
        assert (step.write, step.remove, step.activate) == ((), (), ("firewall",))


def test_half_of_what_the_colours_may_take_must_be_free_and_of_replaced_services_that_do_not_run_yet() -> None:
    wanted = release(services=(DB, API, FRONT))
    replaced = [steps.Replace("it is missing", DB)]
    assert memory_needed(BARE, wanted, replaced) == 150
    assert memory_needed(settled(wanted), wanted, replaced) == 100


def test_what_a_killed_release_left_is_a_difference_and_is_removed() -> None:
    wanted = release(services=(API, process("work")))
    seen = settled(wanted)
    left = (container("api", "d9", "green"), container("gone", "d1", "blue"), container("api", "d1", "check"))
    seen = changed(seen, containers=(*seen.containers, *left))
    told = [(one.where, one.what) for one in differences(seen, wanted)]
    assert told == [
        ("shop-green/api", "does not belong to this release"),
        ("shop-blue/gone", "does not belong to this release"),
    ]
    made = plan(seen, wanted)
    assert [str(step) for step in made if isinstance(step, (steps.Stop, steps.Remove))] == [
        "stop api green",
        "remove shop-blue/gone, shop-check/api",
    ]


def test_a_stopped_engine_is_told_alone_since_asking_would_start_it() -> None:
    wanted = release(services=(API,))
    seen = changed(settled(wanted), engine="stopped", containers=(), units_down=("docker.service",))
    assert [tuple(one) for one in differences(seen, wanted)] == [("unit", "docker.service", "does not run")]


def test_a_release_without_an_edge_is_live_by_its_name() -> None:
    wanted = release(services=(DB,), edge=None)
    assert settled(wanted).live == Live(1, "new", "2", {})


def test_rules_are_the_same_in_whichever_order_the_kernel_lists_a_set() -> None:
    one = 'set others {\n type ifname\n elements = { "lan0",\n "br-lan" }\n}\nchain input {\n iifname { "a", "b" } accept;\n}'
    other = 'set others {\n type ifname\n elements = { "br-lan", "lan0" }\n}\nchain input {\n iifname { "b", "a" } accept;\n}'
    assert in_order(one) == in_order(other)
    assert in_order(one) != in_order(one.replace("lan0", "lan1"))
    assert in_order(one) != in_order(one.replace("accept", "drop"))


SETTINGS = {"live-restore": True, "ip": "127.0.0.1"}
DAEMON = File(DOCKER_SETTINGS, "host", "0644", "0:0", "docker-2", "docker", "docker")


def settings_change(before: Mapping[str, object] | None, after: Mapping[str, object] | None, *more: File) -> HostFiles:
    wanted = release("next", files=(DAEMON, *more), docker_settings=after)
    seen = changed(
        settled(release(files=(changed(DAEMON, sha256="docker-1"), *more))),
        docker_settings=before,
        files={**{file.path: FileState(file.mode, file.owner, "old") for file in more}},
    )
    [made] = [step for step in plan(seen, wanted) if isinstance(step, HostFiles)]
    return made


@pytest.mark.parametrize(
    ("before", "after", "waits"),
    [
        (SETTINGS, {**SETTINGS, "userland-proxy": False}, True),
        (SETTINGS, {**SETTINGS, "userland-proxy": False, "ip": "0.0.0.0"}, False),
        (SETTINGS, {**SETTINGS, "ip": "0.0.0.0"}, False),
        ({**SETTINGS, "userland-proxy": False}, SETTINGS, False),
        ({}, {"userland-proxy": False, "live-restore": True}, False),
        (None, {"userland-proxy": False}, False),
        (SETTINGS, None, False),
    ],
)
def test_docker_is_not_restarted_for_the_end_of_its_proxies_alone(
    before: dict[str, object] | None, after: dict[str, object] | None, waits: bool
) -> None:
    made = settings_change(before, after)
    assert (("docker" in made.activate), made.later) == ((False, ("docker",)) if waits else (True, ()))


def test_docker_is_restarted_where_another_of_its_files_or_an_authority_changes_too() -> None:
    after = {**SETTINGS, "userland-proxy": False}
    for path, activate in (("/etc/systemd/system/docker.service.d/berth.conf", "docker"), ("/ca.crt", "authorities")):
        made = settings_change(SETTINGS, after, File(path, "host", "0644", "0:0", "new", None, activate))
        assert ("docker" in made.activate, made.later) == (True, ())
