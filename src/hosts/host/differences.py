"""Differences between a machine and its release; pure. None where the release is live and complete."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from live import Standing
from look import RULES, Container, Look
from release import Release, Service

_COLOURS = ("blue", "green")


class Difference(NamedTuple):
    """Of what kind, where it is, and what is different in words that follow it."""

    kind: str
    where: str
    what: str


def differences(seen: Look, release: Release) -> tuple[Difference, ...]:
    return (
        *_volume(seen, release),
        *_files(seen, release),
        *_routes(seen, release),
        *_containers(seen, release),
        *_processes(seen, release),
        *_units(seen),
        *_firewall(seen),
        *(Difference("certificate", name, why) for name, why in seen.certificates.items()),
    )


def in_place(seen: Look, release: Release) -> bool:
    return seen.current == seen.live.release == release.name and seen.kept and not differences(seen, release)


def _volume(seen: Look, release: Release) -> Iterator[Difference]:
    data = f"/var/lib/berth/{release.system}/data"
    if seen.volume_mounted and seen.volume_unused_mb:
        yield Difference("volume", data, f"its disk has {seen.volume_unused_mb} MB more than its file system")
    if release.volume_devices and not seen.volume_mounted:
        yield Difference("volume", data, f"{' or '.join(release.volume_devices)} is not mounted here")


def _files(seen: Look, release: Release) -> Iterator[Difference]:
    for file in release.files:
        found = seen.files.get(file.path)
        if found is None:
            yield Difference("file", file.path, "is missing")
        elif found.sha256 != file.sha256:
            yield Difference("file", file.path, "has different content")
        elif (found.mode, found.owner) != (file.mode, file.owner):
            yield Difference("mode", file.path, f"is {found.mode} {found.owner}, not {file.mode} {file.owner}")


def _routes(seen: Look, release: Release) -> Iterator[Difference]:
    """What the edge leads to, which its routes file says, is what the release has."""
    for service in release.coloured:
        standing = seen.live.services.get(service.name)
        if standing is None or standing.definition != service.definition:
            there = standing.definition if standing else "none"
            yield Difference("route", service.name, f"the edge routes to definition {there}, not {service.definition}")


def _containers(seen: Look, release: Release) -> Iterator[Difference]:
    """An engine that is asked is started by that: one that does not run is not asked."""
    if seen.engine == "stopped" and release.images:
        return
    wanted = {(service.name, project_of(seen, release, service)) for service in release.services if not service.process}
    for service in release.services:
        if service.process or runs(seen, release, service):
            continue
        project = project_of(seen, release, service)
        yield Difference("container", f"{project}/{service.name}", why_not_well(seen, service, project))
    for one in seen.containers:
        if (
            one.project in {f"{release.system}-{colour}" for colour in _COLOURS}
            and (one.service, one.project) not in wanted
        ):
            yield Difference("container", f"{one.project}/{one.service}", "does not belong to this release")
    if release.edge and release.edge.kind == "traefik" and edge_container(seen) is None:
        yield Difference("container", f"{release.system}-edge/traefik", "does not run")


def _processes(seen: Look, release: Release) -> Iterator[Difference]:
    wanted = set()
    for service in release.services:
        if service.process is None:
            continue
        standing = seen.live.services.get(service.name)
        program = f"{release.system}-{service.name}-{standing.colour if standing else ''}"
        wanted.add(program)
        if service.process.build not in seen.builds:
            yield Difference("process", service.name, f"its build {service.process.build} is missing")
        if not runs(seen, release, service):
            found = seen.programs.get(program)
            if found and found.state in ("RUNNING", "STARTING"):
                yield Difference(
                    "process", program, f"is not of definition {standing.definition if standing else 'none'}"
                )
            else:
                yield Difference("process", program, f"is {found.state if found and found.state else 'missing'}")
    for program in seen.programs:
        if program.rsplit("-", 1)[-1] in _COLOURS and program not in wanted:
            yield Difference("process", program, "does not belong to this release")


def _units(seen: Look) -> Iterator[Difference]:
    for unit in seen.units_down:
        yield Difference("unit", unit, "does not run")
    for unit in seen.units_disabled:
        yield Difference("unit", unit, "would not start at the next boot")


def _firewall(seen: Look) -> Iterator[Difference]:
    if seen.firewall == "trial":
        yield Difference("firewall", "table inet berth", "other rules are being tested")
    elif seen.firewall != "in force":
        yield Difference("firewall", "table inet berth", f"is not what {RULES} says")
    for bridge in seen.bridges_mistaken:
        what = "is not a docker network, but its traffic is treated as a container's"
        yield Difference("firewall", bridge, what)


def project_of(seen: Look, release: Release, service: Service) -> str:
    standing = seen.live.services.get(service.name)
    return f"{release.system}-{standing.colour if service.coloured and standing else 'base'}"


def runs(seen: Look, release: Release, service: Service) -> bool:
    """It runs where it should, of the definition that is live, and its health check does not say otherwise."""
    standing = seen.live.services.get(service.name)
    if not service.coloured:
        return runs_in(seen, service.name, service.definition, f"{release.system}-base")
    return standing is not None and runs_as(seen, release.system, service, standing)


def runs_as(seen: Look, system: str, service: Service, standing: Standing) -> bool:
    if service.process is None:
        return runs_in(seen, service.name, standing.definition, f"{system}-{standing.colour}")
    program = seen.programs.get(f"{system}-{service.name}-{standing.colour}")
    return (
        program is not None and program.state in ("RUNNING", "STARTING") and program.definition == standing.definition
    )


def runs_in(seen: Look, service: str, definition: str, project: str) -> bool:
    found = [
        one for one in seen.containers if (one.service, one.definition, one.project) == (service, definition, project)
    ]
    return any(one.well for one in found)


def why_not_well(seen: Look, service: Service, project: str) -> str:
    found = next((one for one in seen.containers if (one.service, one.project) == (service.name, project)), None)
    if found is None:
        return "is missing"
    if found.definition != service.definition:
        return f"is of definition {found.definition}, not {service.definition}"
    return f"is not well: {found.status}"


def edge_container(seen: Look) -> Container | None:
    return next((one for one in seen.containers if one.service == "traefik" and one.state == "running"), None)
