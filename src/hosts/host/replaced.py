"""
Services that can't run twice, and the edge: noted before they are touched, so that what ran before can be put back, also
after a kill.
"""

from __future__ import annotations

import time

import history
from act import Work
from former import release_in
from live import read_live
from machine import Machine
from services import choices, container_ids, explain, make_networks, stop_service, up
from steps import Replace
from tell import Refused

_SHORTEST_SECONDS = 3


def replace(work: Work, step: Replace) -> None:
    machine, service = work.machine, step.service
    begin(machine, "base", service.name, work.release.name)
    work.undo.append(lambda: put_back(machine, "base"))
    make_networks(machine, "base")
    started = up(machine, "base", work.folder / "base.yaml", service.name, work.env)
    if not started or not stays_up(machine, service.name, "base", service.deadline_seconds):
        explain(machine, service.name, "base")
        raise Refused(f"{service.name} keeps exiting, or is not healthy in time")


def begin(machine: Machine, project: str, service: str, release: str) -> None:
    history.write_begun(machine, [*history.read_begun(machine), history.Begun(project, service, release)])


def stays_up(machine: Machine, service: str, project: str, deadline_seconds: int) -> bool:
    """Healthy by its own check within its deadline; without a check, it runs for three seconds."""
    end = time.monotonic() + max(deadline_seconds, _SHORTEST_SECONDS)
    form = "{{.State.Status}} {{.RestartCount}} {{if .State.Health}}{{.State.Health.Status}}{{end}}"
    while True:
        ids = container_ids(machine, service, project)
        state = machine.start("docker", "inspect", "--format", form, *ids).answer().out.rstrip("\n") if ids else ""
        if state == "running 0 healthy":
            return True
        if not state.startswith("running 0 ") or (time.monotonic() > end and state != "running 0 "):
            return False
        if time.monotonic() > end:
            return True
        time.sleep(0.5)


def put_back(machine: Machine, project: str) -> None:
    """Of a project, what was begun goes, and what the live release has in its place runs again."""
    begun = history.read_begun(machine)
    mine = [one for one in begun if one.project == project]
    for name in dict.fromkeys(one.service for one in mine):
        stop_service(machine, name, project)
        _run_former(machine, project, name)
    if mine:
        history.write_begun(machine, [one for one in begun if one.project != project])


def _run_former(machine: Machine, project: str, name: str) -> None:
    # The edge may be older than the release that is live
    live = _live_release(machine)
    file = machine.releases / live / f"{project}.yaml"
    if project == "edge" and (machine.state / "edge.yaml").exists():
        file = machine.state / "edge.yaml"
    release = release_in(machine.releases / live) if live else None
    if release is None or not file.exists():
        return
    # It may have gone with its last container
    make_networks(machine, "base")
    env = choices(release, {})
    named = machine.ask(*machine.compose_of(project, file), "config", "--services", env=env)
    if name in named.out.split():
        up(machine, project, file, name, env)
        stays_up(machine, name, project, 0)


def _live_release(machine: Machine) -> str:
    for name in ("routes.yaml", "routes.conf"):
        path = machine.routes(name)
        if path.exists():
            return read_live(path.read_text(encoding="utf-8")).release
    return ""
