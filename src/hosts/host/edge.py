"""The edge, and the one step that makes a release live: its routes, in one rename, asked through the edge itself."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

import history
import nginx
from act import Work
from differences import project_of, runs, why_not_well
from former import release_in
from live import Live, read_live, renumbered, routes_text
from look import live_of, look
from machine import Machine, staged, sync_replace
from release import Edge, Release
from replaced import begin, put_back, stays_up
from services import container_ids, explain, logs_of, up
from steps import EnsureNginx, LeaveEdge, StartEdge, Switch
from tell import Refused

_FOLLOW_SECONDS = 20
# Two seconds of such answers from behind the new routes: waiting longer does not help
_MOST_WRONG = 20
ANY_STATUS = "[1-5].*"


def ensure_nginx(work: Work, _step: EnsureNginx) -> None:
    """It shows what the routes say, which a release that was killed may have left out; it has its certificate."""
    machine, release = work.machine, work.release
    if not machine.works("systemctl", "is-active", "--quiet", "nginx.service"):
        machine.run("systemctl", "restart", "nginx.service")
    if release.edge and machine.routes(release.edge.routes).exists():
        follows(machine, release.edge, work.seen.live.generation, ANY_STATUS)
    nginx.ensure_certificate(machine)


def leave_edge(work: Work, _step: LeaveEdge) -> None:
    work.machine.tell.say(
        "the edge's own configuration has changed and needs a restart: set restartEdge: true for one release, at a quiet hour"
    )


def start_edge(work: Work, step: StartEdge) -> None:
    machine, edge = work.machine, work.release.edge
    if step.running:
        begin(machine, "edge", "traefik", work.release.name)
        work.undo.append(lambda: put_back(machine, "edge"))
    # An edge of before may have been another user's
    for folder in work.release.folders:
        if edge and folder.owner == edge.user:
            machine.run("chown", "-R", folder.owner, str(machine.at(folder.path)))
    started = up(machine, "edge", work.folder / "edge.yaml", "traefik", work.env)
    if not started or (step.running and not stays_up(machine, "traefik", "edge", 0)):
        explain(machine, "traefik", "edge")
        raise Refused("the new edge keeps exiting")


def note_edge(work: Work) -> None:
    """Which file the edge was started by, for the release that fails to start another."""
    file, edge = work.folder / "edge.yaml", work.release.edge
    if not file.exists() or edge is None:
        return
    labels = ("--filter", "label=berth.service=traefik", "--filter", f"label=berth.definition={edge.definition}")
    if work.machine.ask("docker", "ps", "--quiet", *labels).out.strip():
        shutil.copyfile(file, work.machine.state / "edge.yaml")


def switch(work: Work, step: Switch) -> None:
    machine, release = work.machine, work.release
    edge, tell = release.edge, machine.tell
    name = edge.routes if edge else "routes.yaml"
    routes = machine.routes(name)
    template = (work.folder / name).read_text(encoding="utf-8") if edge else ""
    text = routes_text(release, template, step.live)
    if edge and edge.kind == "nginx":
        proposed = machine.routes(f".{name}.next")
        proposed.write_text(text, encoding="utf-8")
        accepted = nginx.accepts(machine, proposed, routes)
        proposed.unlink()
        if not accepted:
            raise Refused(f"the new routes are not valid: {tell.last_line()}")
    former = _way_back(routes, step.live.generation + 1)
    work.undo.append(lambda: _restore(work, routes, former, step.live.generation + 1))
    # An edge that reads other routes asks for what it lacks
    work.asked_at = time.time()
    sync_replace(routes, text)
    if edge and not follows(machine, edge, step.live.generation, edge.status):
        raise Refused("the edge does not serve the new release")
    history.note_live(machine, release.name, release.version)
    if former:
        former.unlink(missing_ok=True)


def _way_back(routes: Path, generation: int) -> Path | None:
    """The former routes, written before the switch: where the disk is full meanwhile, they need no room of it."""
    if not routes.exists():
        return None
    return staged(routes, renumbered(routes.read_text(encoding="utf-8"), generation), "former")


def _restore(work: Work, routes: Path, former: Path | None, generation: int) -> None:
    """The edge leaves the new services before they go."""
    machine, edge = work.machine, work.release.edge
    if former is None:
        routes.unlink(missing_ok=True)
        history.forget_history(machine)
        if edge and edge.kind == "nginx":
            machine.run("systemctl", "reload", "nginx.service")
        return
    former.replace(routes)
    if edge:
        follows(machine, edge, generation, ANY_STATUS)
    live = read_live(routes.read_text(encoding="utf-8"))
    history.note_live(machine, live.release, live.version)


def follows(machine: Machine, edge: Edge, generation: int, status: str) -> bool:
    """Asked through the edge itself, until the answer comes from behind these routes, with a status of that pattern."""
    if edge.kind == "nginx":
        machine.run("systemctl", "reload", "nginx.service")
    end, wrong = time.monotonic() + _FOLLOW_SECONDS, 0
    while True:
        shown = _shown(machine, edge)
        if re.fullmatch(f"{generation} {status}", shown):
            return True
        wrong += shown.startswith(f"{generation} ")
        if time.monotonic() > end or wrong >= _MOST_WRONG:
            expected = f"{generation} {status.replace('.', 'x')}"
            machine.tell.say(f"the edge serves (release, status): {shown}; expected: {expected}")
            machine.tell.say_lines(machine.tell.scrub(edge_log(machine, edge)))
            return False
        time.sleep(0.1)


def _shown(machine: Machine, edge: Edge) -> str:
    """The generation, the status, and why there is none."""
    at = ("--resolve", f"{edge.domain}:{edge.port}:127.0.0.1", "--output", "/dev/null")
    form = "%header{berth-generation} %{http_code} %{errormsg}"
    url = f"{edge.scheme}://{edge.domain}:{edge.port}{edge.path}"
    words = ("curl", "--silent", "--insecure", "--max-time", "3", *at, "--write-out", form, url)
    return machine.start(*words).answer().out.rstrip()


def edge_log(machine: Machine, edge: Edge) -> str:
    if edge.kind == "nginx":
        return (
            machine.start(
                "tail", "-n", "20", "/var/log/nginx/error.log", f"/var/log/nginx/berth-{machine.system}/error.log"
            )
            .answer()
            .out
        )
    return "".join(logs_of(machine, one, 20) for one in container_ids(machine, "traefik", "edge"))


def not_serving(machine: Machine, live: Live) -> str:
    """A line for each part of the live release that does not run, or does not answer; asked of the machine."""
    folder = machine.releases / live.release
    release = release_in(folder)
    if release is None:
        return f"its folder {folder} is missing"
    seen = look(machine, release)
    lacking = [
        f"{service.name} does not run: it {why_not_well(seen, service, project_of(seen, release, service))}"
        for service in release.services
        if not runs(seen, release, service)
    ]
    if release.edge and not follows(machine, release.edge, live.generation, ANY_STATUS):
        lacking.append("the edge does not answer with its current routes")
    return "\n".join(lacking)


def say_what_serves(machine: Machine, release: Release) -> None:
    """Where it fails, what it is that does not."""
    live = live_of(machine, release)
    if not live.release:
        return machine.tell.say("no release is live yet")
    what = f"release {release.name}" if live.release == release.name else "the former release"
    lacking = not_serving(machine, live)
    if lacking:
        machine.tell.say(f"error: {what} does not serve completely:")
        machine.tell.say_lines(lacking)
    else:
        machine.tell.say(f"{what} {'is serving nevertheless' if live.release == release.name else 'is still serving'}")
