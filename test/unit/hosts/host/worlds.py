"""Releases and machines as plain data, and what each step makes of a machine: a simulation of `act`, without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace as changed
from pathlib import Path
from typing import Any

import steps
from live import Live, Standing
from look import FIREWALL_UNIT, Container, FileState, Look, Program
from release import Build, Edge, File, Health, Job, JobStep, Process, Release, Service

SYSTEM = "shop"
UNITS = ("ssh.service", FIREWALL_UNIT, "docker.service", "logrotate.timer")


def service(
    name: str, definition: str = "d1", rollout: str = "colours", calls: tuple[str, ...] = (), **more: Any
) -> Service:
    blue = 21000 + 10 * (ord(name[0]) - ord("a"))
    health = Health("/health", 60, "2..") if rollout == "colours" else None
    return Service(name, rollout, definition, blue, blue + 1, calls, 60, 100, (), health, **more)


def process(name: str, definition: str = "d1", build: str = "b1") -> Service:
    return service(name, definition, process=Process(f"{SYSTEM}-{name}", build, 30))


def job(name: str = "migrate", definition: str = "j1", when: str = "release", calls: tuple[str, ...] = ()) -> Job:
    return Job(name, when, definition, 60, 80, (JobStep(f"job-{name}-1", f"{definition}-1", calls),))


def release(name: str = "new", services: tuple[Service, ...] = (), **more: Any) -> Release:
    files = more.pop(
        "files", (File("/etc/berth/firewall.nft.conf", "host", "0644", "0:0", "rules", "firewall", "firewall"),)
    )
    given = {
        "version": "2",
        "edge": Edge("traefik", "e1", "10080:10080", False, "routes.yaml", "shop.test", "https", 443, "/", "2..", ()),
        "images": ("app:1",),
        "packages": ("curl", "docker.io"),
        "units": UNITS,
        "builds": tuple(Build(one.process.build, "https://git.test/x", "v1", "x") for one in services if one.process),
        **more,
    }
    return Release(
        **{"format": 1, "system": SYSTEM, "name": name, "adopted": False, "minimum_free_mb": 500},
        **{"drain_seconds": 2, "volume_devices": (), "boot_units": (FIREWALL_UNIT,), "services": services, "files": files, "folders": ()},
        **given,
    )  # fmt: skip


BARE = Look(
    engine="absent",
    packages_missing=("curl", "docker.io"),
    images_missing=("app:1",),
    units_down=UNITS,
    units_disabled=(FIREWALL_UNIT,),
)


def container(name: str, definition: str, project: str, state: str = "running", status: str = "Up") -> Container:
    return Container(f"{name}-{definition}-{project}", name, definition, f"{SYSTEM}-{project}", state, status)


def settled(wanted: Release) -> Look:
    """A machine that is at a release, which came to it from bare."""
    return carried_out(BARE, wanted)


def carried_out(seen: Look, wanted: Release) -> Look:
    from plan import plan

    for step in plan(seen, wanted):
        seen = after(seen, wanted, step)
    return seen


def after(seen: Look, wanted: Release, step: steps.Step) -> Look:
    """The machine once that step was carried out whole."""
    if isinstance(step, steps.Keep):
        return changed(seen, kept=True)
    if isinstance(step, steps.Install):
        engine = "running" if "docker.io" in step.packages else seen.engine
        return changed(seen, packages_missing=(), packages_loose=("docker.io",), engine=engine)
    if isinstance(step, steps.Hold):
        return changed(seen, packages_loose=())
    if isinstance(step, steps.Mount):
        return changed(seen, volume=step.devices[0], volume_mounted=True)
    if isinstance(step, steps.Grow):
        return changed(seen, volume_unused_mb=0)
    if isinstance(step, steps.HostFiles):
        return _with_host_files(seen, step)
    if isinstance(step, steps.Pull):
        return changed(seen, images_missing=())
    if isinstance(step, steps.MakeBuild):
        return changed(seen, builds=(*seen.builds, step.build.name))
    if isinstance(step, steps.ReleaseFiles):
        return changed(seen, files={**seen.files, **{file.path: _state(file) for file in step.files}})
    if isinstance(step, steps.StartEdge):
        edge = container("traefik", wanted.edge.definition if wanted.edge else "", "edge")
        return changed(seen, containers=(*(one for one in seen.containers if one.service != "traefik"), edge))
    if isinstance(step, steps.Start):
        return _started(seen, step.service, step.colour)
    if isinstance(step, steps.Replace):
        others = tuple(
            one for one in seen.containers if (one.service, one.project) != (step.service.name, f"{SYSTEM}-base")
        )
        return changed(seen, containers=(*others, container(step.service.name, step.service.definition, "base")))
    if isinstance(step, steps.Switch):
        return changed(seen, live=step.live, live_jobs={one.name: one.definition for one in wanted.jobs})
    if isinstance(step, steps.AwaitCertificates):
        return changed(seen, certificates={})
    if isinstance(step, steps.Stop):
        return _stopped(seen, step.service, step.colour)
    if isinstance(step, steps.Remove):
        containers = tuple(one for one in seen.containers if one not in step.containers)
        programs = {name: one for name, one in seen.programs.items() if name not in step.programs}
        return changed(seen, containers=containers, programs=programs)
    if isinstance(step, (steps.StartUnits, steps.EnsureNginx)):
        gone = step.units if isinstance(step, steps.StartUnits) else ("nginx.service",)
        return changed(seen, units_down=tuple(unit for unit in seen.units_down if unit not in gone))
    if isinstance(step, steps.Finish):
        return changed(seen, current=wanted.name, former_files=())
    return seen


def _with_host_files(seen: Look, step: steps.HostFiles) -> Look:
    gone = {file.path for file in step.remove}
    files = {path: state for path, state in seen.files.items() if path not in gone}
    files |= {file.path: _state(file) for file in step.write}
    former = tuple(file for file in seen.former_files if file.path not in gone)
    seen = changed(seen, files=files, former_files=former)
    if "systemd" in step.activate:
        seen = changed(seen, units_disabled=())
    if "firewall" in step.activate:
        down = tuple(unit for unit in seen.units_down if unit != FIREWALL_UNIT)
        seen = changed(seen, firewall="in force", units_down=down)
    return seen


def _state(file: File) -> FileState:
    return FileState(file.mode, file.owner, file.sha256)


def _started(seen: Look, one: Service, colour: str) -> Look:
    seen = _stopped(seen, one.name, colour)
    if one.process:
        return changed(
            seen, programs={**seen.programs, f"{SYSTEM}-{one.name}-{colour}": Program("RUNNING", one.definition)}
        )
    return changed(seen, containers=(*seen.containers, container(one.name, one.definition, colour)))


def _stopped(seen: Look, name: str, colour: str) -> Look:
    containers = tuple(one for one in seen.containers if (one.service, one.project) != (name, f"{SYSTEM}-{colour}"))
    programs = {key: one for key, one in seen.programs.items() if key != f"{SYSTEM}-{name}-{colour}"}
    return changed(seen, containers=containers, programs=programs)


def is_led_to(seen: Look, name: str, standing: Standing) -> bool:
    """Whether what the routes lead to runs."""
    program = seen.programs.get(f"{SYSTEM}-{name}-{standing.colour}")
    if program is not None and program.state == "RUNNING" and program.definition == standing.definition:
        return True
    wanted = (name, standing.definition, f"{SYSTEM}-{standing.colour}")
    return any((one.service, one.definition, one.project) == wanted and one.well for one in seen.containers)


def all_led_to(seen: Look, live: Live) -> bool:
    return all(is_led_to(seen, name, standing) for name, standing in live.services.items())


def programs_before(root: Path, programs: Mapping[str, str]) -> str:
    """Puts programs into a folder. @returns a PATH on which they stand before the system's"""
    (root / "bin").mkdir(exist_ok=True)
    for name, text in programs.items():
        (root / "bin" / name).write_text(text)
        (root / "bin" / name).chmod(0o755)
    return f"{root / 'bin'}:/usr/bin:/bin"
