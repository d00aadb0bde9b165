"""Decides, once a release, which steps bring a machine to it: a pure function of what was seen and what is declared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from differences import differences, edge_container, in_place, project_of, runs, runs_as, why_not_well
from live import Live, Standing
from look import FIREWALL_UNIT, Container, Look
from release import DOCKER_SETTINGS, File, Release, Service
from steps import (
    AwaitCertificates,
    CheckFiles,
    CheckServices,
    Drain,
    EnsureNginx,
    Finish,
    Grow,
    Hold,
    HostFiles,
    Install,
    Keep,
    LeaveEdge,
    MakeBuild,
    MakeRoom,
    Mount,
    Plan,
    Pull,
    ReleaseFiles,
    Remove,
    Replace,
    RunJob,
    Start,
    StartEdge,
    StartUnits,
    Step,
    Stop,
    Switch,
)  # fmt: skip

ACTIVATIONS = ("systemd", "journal", "sysctl", "authorities", "docker", "firewall", "ssh", "nginx", "address")
_OTHER = {"blue": "green", "green": "blue"}


class Choice(NamedTuple):
    """The colour of a service after this release, and why it changes; no reason where it goes on as it is."""

    service: Service
    standing: Standing
    reason: str


def plan(seen: Look, release: Release) -> Plan:
    """No steps where the release is live and complete."""
    if in_place(seen, release):
        return ()
    choices = choose(seen, release)
    started = [Start(choice.reason, choice.service, choice.standing.colour) for choice in choices if choice.reason]
    replaced = [
        Replace(reason, service) for service in release.replaced if (reason := why_replaced(seen, release, service))
    ]
    jobs = list(_jobs(seen, release))
    # What jobs call runs before them
    called = {name for step in jobs for one in step.job.steps for name in one.calls}
    edge = list(_edge(seen, release))
    switch = list(_switch(seen, release, choices))
    services = bool(started or replaced or any(isinstance(step, StartEdge) for step in edge))
    return (
        Keep("release.json and compose files are read from there"),
        *_packages(seen, release),
        *_volume(seen, release),
        MakeRoom(
            "the machine is not at this release", memory_needed(seen, release, replaced) if services or jobs else 0
        ),
        *_host_files(seen, release),
        *([Pull("they are missing on the machine", seen.images_missing)] if seen.images_missing else []),
        *(MakeBuild("it is not built yet", build) for build in release.builds if build.name not in seen.builds),
        ReleaseFiles("missing or changed", changed_files(seen, release, "release")),
        *([CheckServices("services will read them")] if services or jobs else []),
        *edge,
        *(step for step in replaced if step.service.name in called),
        *jobs,
        *started,
        *(step for step in replaced if step.service.name not in called),
        *switch,
        *_former(seen, release, choices, switch),
        *_units(seen),
        Finish(why_finished(seen, release), removed_files(seen, release, late=True)),
    )


def why_finished(seen: Look, release: Release) -> str:
    if seen.current != release.name:
        return f"{seen.current or 'no release'} is the current one"
    return "; ".join(" ".join(difference) for difference in differences(seen, release)) or "its folder is missing"


def choose(seen: Look, release: Release) -> tuple[Choice, ...]:
    """What calls a service that changes changes too: it is told the other port."""
    made: dict[str, Choice] = {}
    for service in release.coloured:
        standing = seen.live.services.get(service.name)
        called = [name for name in service.calls if name in made and made[name].reason]
        reason = _why_started(seen, release, service, standing, called)
        if standing and not reason:
            made[service.name] = Choice(service, standing, "")
            continue
        colour = _OTHER[standing.colour] if standing else "blue"
        made[service.name] = Choice(service, Standing(colour, service.port(colour), service.definition), reason)
    return tuple(made.values())


def _why_started(seen: Look, release: Release, service: Service, standing: Standing | None, called: list[str]) -> str:
    if standing is None:
        return "it is new"
    if standing.definition != service.definition:
        return f"its definition changes, {standing.definition} → {service.definition}"
    if not runs_as(seen, release.system, service, standing):
        return f"it {why_not_well(seen, service, project_of(seen, release, service))}"
    return f"it calls {', '.join(called)}, which changes" if called else ""


def why_replaced(seen: Look, release: Release, service: Service) -> str:
    return "" if runs(seen, release, service) else f"it {why_not_well(seen, service, f'{release.system}-base')}"


def _jobs(seen: Look, release: Release) -> Iterator[RunJob]:
    """
    Those of a release that is not live: where it failed after them, they run again. A job that the live release has too
    has done its work.
    """
    for job in release.jobs:
        live = seen.live_jobs.get(job.name, "")
        if job.when == "release" and live != job.definition:
            yield RunJob(f"its definition changes, {live} → {job.definition}" if live else "it is new", job)


def _packages(seen: Look, release: Release) -> Iterator[Step]:
    if seen.packages_missing:
        yield Install("they are missing on the machine", seen.packages_missing)
    if "docker.io" in release.packages and (seen.packages_loose or seen.engine == "absent"):
        yield Hold("only `berth update` installs new versions", seen.packages_loose)


def _volume(seen: Look, release: Release) -> Iterator[Step]:
    if release.volume_devices and not seen.volume_mounted:
        yield Mount("services store their data there", release.volume_devices)
    if seen.volume_mounted and seen.volume_unused_mb:
        yield Grow(f"the disk has {seen.volume_unused_mb} MB more", seen.volume)


def memory_needed(seen: Look, release: Release, replaced: list[Replace]) -> int:
    """In MB: half of what may be taken at most by the colours, a job, and what can't run twice and does not run yet."""
    running = {
        one.service for one in seen.containers if one.project == f"{release.system}-base" and one.state == "running"
    }
    added = [step.service for step in replaced if step.service.name not in running]
    job = max((job.memory_mb for job in release.jobs), default=0)
    return (sum(service.memory_mb for service in (*release.coloured, *added)) + job) // 2


def changed_files(seen: Look, release: Release, kind: str) -> tuple[File, ...]:
    files = [file for file in release.files if file.kind == kind]
    return tuple(file for file in files if not _same(seen, file))


def _same(seen: Look, file: File) -> bool:
    found = seen.files.get(file.path)
    return found is not None and (found.mode, found.owner, found.sha256) == (file.mode, file.owner, file.sha256)


def removed_files(seen: Look, release: Release, late: bool) -> tuple[File, ...]:
    """
    Host files of the former release that this one does not have. What its edge still reads and what runs its jobs goes
    late, after the switch; the rest goes before, since a proxy that is none any more would keep the new release's images away.
    """
    kept = {file.path for file in release.files}
    gone = [file for file in seen.former_files if file.path not in kept]
    return tuple(file for file in gone if (file.activate == "nginx" or is_job_unit(file)) == late)


def is_job_unit(file: File) -> bool:
    return file.path.startswith("/etc/systemd/system/berth-job-")


def _host_files(seen: Look, release: Release) -> Iterator[Step]:
    write, remove = changed_files(seen, release, "host"), removed_files(seen, release, late=False)
    activate = {file.activate for file in (*write, *remove)}
    if seen.firewall != "in force" or seen.bridges_changed:
        activate.add("firewall")
    if seen.units_disabled:
        activate.add("systemd")
    if "authorities" in activate and release.images:
        activate.add("docker")
    later = ("docker",) if _docker_can_wait(seen, release, (*write, *remove), activate) else ()
    wanted = tuple(name for name in ACTIVATIONS if name in activate and name not in later)
    if not (write or remove or wanted):
        return
    yield CheckFiles("host files change")
    changed = ", ".join(file.path for file in (*write, *remove))
    yield HostFiles(
        f"changed: {changed}" if changed else "rules or units are not in force", write, remove, wanted, later
    )


def _docker_can_wait(seen: Look, release: Release, changed: tuple[File, ...], activate: set[str | None]) -> bool:
    """
    Whether docker's settings differ in nothing but that it runs no proxies of published ports any more. A restart of docker
    ends those that run, and with them requests that are under way.
    """
    of_docker = [file.path for file in changed if file.activate == "docker"]
    before, after = seen.docker_settings, release.docker_settings
    if of_docker != [DOCKER_SETTINGS] or "authorities" in activate or before is None or after is None:
        return False
    return "userland-proxy" not in before and {**before, "userland-proxy": False} == after


def _edge(seen: Look, release: Release) -> Iterator[Step]:
    if release.edge is None:
        return
    if release.edge.kind == "nginx":
        yield EnsureNginx("it carries out the switch")
        return
    running = edge_container(seen)
    if running is None:
        yield StartEdge("it is not running", "")
    elif running.definition != release.edge.definition:
        changed = f"its definition changes, {running.definition} → {release.edge.definition}"
        if release.edge.restart:
            yield StartEdge(f"{changed}, and restartEdge is set", running.definition)
        else:
            yield LeaveEdge(changed)


def _switch(seen: Look, release: Release, choices: tuple[Choice, ...]) -> Iterator[Step]:
    """Certificates are asked for when the edge reads other routes."""
    led = {choice.service.name: choice.standing for choice in choices}
    if seen.live.release != release.name:
        reason = f"{seen.live.release or 'nothing'} is live"
    elif led != dict(seen.live.services):
        reason = f"{', '.join(choice.service.name for choice in choices if choice.reason)} moves"
    elif seen.certificates:
        reason = "it is used to request certificates"
    else:
        return
    yield Switch(reason, Live(seen.live.generation + 1, release.name, release.version, led))
    yield AwaitCertificates("the edge has loaded its routes")


def _former(seen: Look, release: Release, choices: tuple[Choice, ...], switch: list[Step]) -> Iterator[Step]:
    """Callers first, so that their last requests still find what they call."""
    if switch:
        yield Drain("requests from before the switch", release.drain_seconds)
    for choice in reversed(choices):
        other = _OTHER[choice.standing.colour]
        if _stands(seen, release, choice.service, other):
            yield Stop("it no longer serves", choice.service.name, other)
    processes = [choice.service.name for choice in choices if choice.service.process]
    names = {f"{release.system}-{name}-{colour}" for name in processes for colour in _OTHER}
    containers = tuple(one for one in seen.containers if _is_left(one, release))
    programs = tuple(name for name in seen.programs if name.rsplit("-", 1)[-1] in _OTHER and name not in names)
    if containers or programs:
        yield Remove("does not belong to this release", containers, programs)


def _stands(seen: Look, release: Release, service: Service, colour: str) -> bool:
    if service.process:
        return f"{release.system}-{service.name}-{colour}" in seen.programs
    return any(one.service == service.name and one.project == f"{release.system}-{colour}" for one in seen.containers)


def _is_left(one: Container, release: Release) -> bool:
    project = one.project[len(release.system) + 1 :]
    if project in _OTHER:
        # A service that is a process now has left its container
        return one.service not in {service.name for service in release.coloured if not service.process}
    return project == "check" or (
        project == "base" and one.service not in {service.name for service in release.replaced}
    )


def _units(seen: Look) -> Iterator[Step]:
    down = tuple(unit for unit in seen.units_down if unit != FIREWALL_UNIT)
    if down:
        yield StartUnits("they are not running", down)
