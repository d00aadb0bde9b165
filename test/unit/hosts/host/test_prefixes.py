"""Killed between any two steps, a machine serves one release, and the next plan brings it to the declared state."""

from __future__ import annotations

from dataclasses import replace as changed
from typing import Any

import steps
from hypothesis import given, settings
from hypothesis import strategies as some
from look import FileState, Look
from plan import plan
from release import Edge, File, Release, Service
from worlds import SYSTEM, after, all_led_to, carried_out, container, is_led_to, job, process, release, service, settled

NAMES = ("api", "front", "jobs")


@some.composite
def services(draw: Any) -> tuple[Service, ...]:
    made: list[Service] = []
    for name in draw(some.lists(some.sampled_from(NAMES), unique=True, min_size=1)):
        definition = draw(some.sampled_from(["d1", "d2", "d3"]))
        calls = tuple(one.name for one in made if one.coloured and draw(some.booleans()))
        kind = draw(some.sampled_from(["colours", "colours", "replace", "process"]))
        if kind == "process":
            made.append(process(name, definition, draw(some.sampled_from(["b1", "b2"]))))
        else:
            made.append(service(name, definition, kind, calls if kind == "colours" else ()))
    return tuple(made)


@some.composite
def releases(draw: Any, name: str) -> Release:
    edge = Edge("traefik", draw(some.sampled_from(["e1", "e2"])), "10080:10080", draw(some.booleans()), "routes.yaml",
                "shop.test", "https", 443, "/", "2..", draw(some.sampled_from([(), ("shop.test",)])))  # fmt: skip
    rules = draw(some.sampled_from(["rules1", "rules2"]))
    more = draw(some.sampled_from([(), (File("/etc/nginx/x.conf", "host", "0644", "0:0", "x", None, "nginx"),)]))
    files = (File("/etc/berth/firewall.nft.conf", "host", "0644", "0:0", rules, "firewall", "firewall"), *more)
    jobs = tuple(job(one, draw(some.sampled_from(["j1", "j2"]))) for one in draw(some.sampled_from([(), ("migrate",)])))
    return release(name, draw(services()), edge=edge, files=files, jobs=jobs)


@some.composite
def disturbed(draw: Any, seen: Look) -> Look:
    """What people, reboots and killed releases leave behind."""
    if draw(some.booleans()):
        left = container(
            draw(some.sampled_from(NAMES)), "d9", draw(some.sampled_from(["blue", "green", "base", "check"]))
        )
        # Where something serves already, it is not what was left
        if not any((one.service, one.project) == (left.service, left.project) for one in seen.containers):
            seen = changed(seen, containers=(*seen.containers, left))
    if draw(some.booleans()) and seen.containers:
        fallen = draw(some.sampled_from(seen.containers))
        state, status = draw(some.sampled_from([("exited", "Exited (1)"), ("running", "Up 2 s (unhealthy)")]))
        others = tuple(one for one in seen.containers if one != fallen)
        seen = changed(seen, containers=(*others, changed(fallen, state=state, status=status)))
    if draw(some.booleans()) and seen.files:
        path = draw(some.sampled_from(sorted(seen.files)))
        seen = changed(seen, files={**seen.files, path: FileState("0666", "0:0", "other")})
    return changed(
        seen,
        firewall=draw(some.sampled_from(["in force", "other", "trial"])),
        units_down=draw(some.sampled_from([(), ("logrotate.timer",)])),
        certificates=draw(some.sampled_from([{}, {"shop.test": "is missing"}])),
        former_files=draw(some.sampled_from([(), (File("/etc/x", "host", "0644", "0:0", "x", None, "docker"),)])),
    )


@settings(max_examples=400, deadline=None)
@given(some.data())
def test_from_every_prefix_of_every_plan_the_next_plan_ends_in_the_declared_state(data: Any) -> None:
    former, wanted = data.draw(releases("old")), data.draw(releases("new"))
    seen = data.draw(disturbed(settled(former)))
    seen = changed(seen, kept=False)
    served = {name: standing for name, standing in seen.live.services.items() if is_led_to(seen, name, standing)}
    made = plan(seen, wanted)
    assert made, "another release is never in place"
    for step in made:
        if isinstance(step, steps.Switch):
            assert all_led_to(seen, step.live), f"{step} leads to what does not run"
        seen = after(seen, wanted, step)
        if seen.live.release == former.name:
            for name, standing in served.items():
                assert is_led_to(seen, name, standing), f"{step} took {name} from those who are served"
        else:
            assert all_led_to(seen, seen.live), f"{step} took what is live away"
        # Killed here; what is seen next is what stands
        healed = carried_out(seen, wanted)
        assert plan(healed, wanted) == (), f"killed after {step}, the machine is not brought to its release"
        assert all_led_to(healed, healed.live)
        # The way back: the former release once more
        back = carried_out(changed(seen, kept=True), former)
        assert plan(back, former) == () and back.live.release == former.name
    assert plan(seen, wanted) == ()


@settings(max_examples=200, deadline=None)
@given(some.data())
def test_until_a_release_is_live_every_plan_for_it_runs_its_changed_jobs_first_and_once_it_is_none_does(
    data: Any,
) -> None:
    former, wanted = data.draw(releases("old")), data.draw(releases("new"))
    seen = changed(data.draw(disturbed(settled(former))), kept=False)
    known = {one.name: one.definition for one in former.jobs}
    due = [one.name for one in wanted.jobs if known.get(one.name) != one.definition]
    for step in plan(seen, wanted):
        following = plan(seen, wanted)
        ran = [one.job.name for one in following if isinstance(one, steps.RunJob)]
        assert ran == ([] if seen.live.release == wanted.name else due)
        begun = [number for number, one in enumerate(following) if isinstance(one, (steps.Start, steps.Switch))]
        last = max((number for number, one in enumerate(following) if isinstance(one, steps.RunJob)), default=-1)
        assert last < min(begun, default=len(following)), "something of the new release starts before its job has ended"
        seen = after(seen, wanted, step)
    assert plan(seen, wanted) == ()


@settings(max_examples=200, deadline=None)
@given(some.data())
def test_a_plan_is_made_of_what_differs_alone(data: Any) -> None:
    wanted = data.draw(releases("new"))
    seen = settled(wanted)
    assert plan(seen, wanted) == ()
    seen = data.draw(disturbed(seen))
    for step in plan(seen, wanted):
        assert step.reason, f"{step} has no reason"
        if isinstance(step, steps.Start):
            standing = seen.live.services[step.service.name]
            called = {one.service.name for one in plan(seen, wanted) if isinstance(one, steps.Start)}
            assert not is_led_to(seen, step.service.name, standing) or called & set(step.service.calls)
        if isinstance(step, steps.Stop):
            assert SYSTEM
