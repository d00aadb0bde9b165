"""Reads the machine once into plain data, changing nothing: what there is, beside what a release wants."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bridges
import certificates
import disk_size
import former
import runtimes
import trial
from history import Begun, Record, read_begun, read_history
from live import Live, read_live
from machine import Asked, Machine
from release import DOCKER_SETTINGS, Build, File, Release, read_settings

RULES = "/etc/berth/firewall.nft.conf"
FIREWALL_UNIT = "berth-firewall.service"
ENGINE_UNIT = "docker.service"
_CONTAINER = '{{.ID}}|{{.Label "berth.service"}}|{{.Label "berth.definition"}}|{{.Label "com.docker.compose.project"}}|{{.State}}|{{.Status}}'


@dataclass(frozen=True)
class FileState:
    mode: str
    owner: str
    sha256: str


@dataclass(frozen=True)
class Container:
    id: str
    service: str
    definition: str
    project: str
    state: str
    status: str

    @property
    def well(self) -> bool:
        """It runs, and its own health check does not say otherwise."""
        return self.state == "running" and "(unhealthy)" not in self.status


@dataclass(frozen=True)
class Program:
    """Of supervisor: its state, empty where it knows none, and the definition that its file names."""

    state: str
    definition: str


@dataclass(frozen=True)
class Look:
    live: Live = field(default_factory=Live)
    # What the current link leads to
    current: str = ""
    # Whether the release's own folder stands
    kept: bool = False
    history: tuple[Record, ...] = ()
    begun: tuple[Begun, ...] = ()
    files: Mapping[str, FileState] = field(default_factory=dict)
    # Host files that the live release placed
    former_files: tuple[File, ...] = ()
    # The jobs of the live release: name → definition
    live_jobs: Mapping[str, str] = field(default_factory=dict)
    engine: str = "absent"
    docker_settings: Mapping[str, Any] | None = None
    containers: tuple[Container, ...] = ()
    programs: Mapping[str, Program] = field(default_factory=dict)
    builds: tuple[str, ...] = ()
    packages_missing: tuple[str, ...] = ()
    # Of the container engine, those that an upgrade in the night would change
    packages_loose: tuple[str, ...] = ()
    images_missing: tuple[str, ...] = ()
    # The data disk that was found, and whether it is the one that is mounted
    volume: str = ""
    volume_mounted: bool = False
    # By how much the disk is larger than its file system
    volume_unused_mb: int = 0
    units_down: tuple[str, ...] = ()
    # Those that would not start at the next boot
    units_disabled: tuple[str, ...] = ()
    firewall: str = "other"
    # Of an adopted machine: others' bridges that the rules take for docker's, and whether any has changed
    bridges_mistaken: tuple[str, ...] = ()
    bridges_changed: bool = False
    # Name → why the edge shows no certificate of it that lasts
    certificates: Mapping[str, str] = field(default_factory=dict)


ENGINE_PACKAGES = ("docker.io", "docker-cli", "docker-compose", "containerd", "runc")
_FOREIGN_ENGINE = ("docker.io", "docker-cli", "docker-compose")


def look(machine: Machine, release: Release) -> Look:
    live = live_of(machine, release)
    units = machine.start("systemctl", "is-active", *release.units)
    enabled = machine.start("systemctl", "is-enabled", *release.boot_units)
    wanted_rules = machine.start(
        "unshare", "--net", "sh", "-c", f"nft -f {machine.at(RULES)} && nft list table inet berth"
    )
    rules = machine.start("nft", "list", "table", "inet", "berth")
    packages = machine.start(
        "dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status} ${db:Status-Want}\n",
        *{*release.packages, *ENGINE_PACKAGES, "docker-ce"},
    )  # fmt: skip
    programs = machine.start("supervisorctl", "status") if any(s.process for s in release.services) else None
    shown = certificates.start(machine, release)
    down = tuple(unit for unit, state in zip(release.units, units.answer().out.splitlines()) if state != "active")
    engine = engine_state(machine, down)
    docker = containers = None
    if engine == "running":
        containers = machine.start(
            "docker", "ps", "--all", "--filter", f"label=berth.system={release.system}", "--format", _CONTAINER
        )
        docker = machine.start("docker", "image", "inspect", "--format", "{{.Id}}", *release.images)
    now, wanted = rules.answer(), wanted_rules.answer()
    in_force = wanted.code == 0 and now.code == 0 and in_order(now.out) == in_order(wanted.out)
    installed = {line.split()[0]: line.split()[1:] for line in packages.answer().out.splitlines()}
    volume = next((device for device in release.volume_devices if is_block_device(device)), "")
    folder = machine.releases / live.release if live.release else None
    return Look(
        live=live,
        current=current(machine),
        kept=(machine.releases / release.name).is_dir(),
        history=read_history(machine),
        begun=read_begun(machine),
        files={file.path: state for file in release.files if (state := file_state(machine.at(file.path)))},
        former_files=host_files_of(folder, release),
        live_jobs=jobs_of(folder, release),
        engine=engine,
        docker_settings=read_settings(machine.at(DOCKER_SETTINGS)),
        containers=read_containers(containers),
        programs=read_programs(machine, programs),
        builds=tuple(build.name for build in release.builds if is_built(machine, build)),
        packages_missing=missing_packages(release, installed),
        packages_loose=loose_packages(release, installed),
        images_missing=release.images if docker is None else _images_missing(machine, release, docker),
        volume=volume,
        volume_mounted=volume != "" and mounted_at(machine, machine.data) == os.path.realpath(volume),
        volume_unused_mb=disk_size.unused_mb(volume) if volume else 0,
        units_down=down,
        units_disabled=disabled(release, enabled),
        firewall="trial" if trial.under_way(machine) else "in force" if in_force else "other",
        bridges_mistaken=tuple(bridges.mistaken(machine)) if release.adopted else (),
        bridges_changed=release.adopted and bridges.is_outdated(machine),
        certificates=certificates.lacking(machine, release, shown),
    )


def in_order(rules: str) -> str:
    """The kernel lists the elements of a set in an order of its own, another one in each table."""
    braced = re.compile(r"\{([^{};]*)\}")
    return braced.sub(lambda found: str(sorted(part.strip() for part in found.group(1).split(","))), rules)


def disabled(release: Release, asked: Asked) -> tuple[str, ...]:
    """A unit that is not there has no line."""
    states = asked.answer().out.splitlines()
    if len(states) != len(release.boot_units):
        return release.boot_units
    return tuple(unit for unit, state in zip(release.boot_units, states) if state != "enabled")


def live_of(machine: Machine, release: Release) -> Live:
    """A release of the former engine does not say which file its edge reads."""
    names = (release.edge.routes,) if release.edge else ("routes.yaml", "routes.conf")
    paths = [path for name in names if (path := machine.routes(name)).exists()]
    return read_live(paths[0].read_text(encoding="utf-8")) if paths else Live()


def current(machine: Machine) -> str:
    return os.path.basename(os.readlink(machine.current)) if machine.current.is_symlink() else ""


def engine_state(machine: Machine, down: Iterable[str]) -> str:
    if not any((Path(folder) / "docker").exists() for folder in os.environ.get("PATH", "").split(":")):
        return "absent"
    return "stopped" if ENGINE_UNIT in down else "running"


def file_state(path: Path) -> FileState | None:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return FileState("not a file", "", "")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
    return FileState(f"{stat.S_IMODE(found.st_mode):04o}", f"{found.st_uid}:{found.st_gid}", digest)


def half_changed(machine: Machine) -> bool:
    """A release that was killed left host files half changed, perhaps not activated."""
    return any((machine.backup / name).exists() for name in ("changed.json", "changed"))


def host_files_of(folder: Path | None, release: Release) -> tuple[File, ...]:
    """Of the live release, where it is another one."""
    if folder is None or folder.name == release.name:
        return ()
    live = former.release_in(folder)
    return tuple(file for file in live.files if file.kind == "host") if live else ()


def jobs_of(folder: Path | None, release: Release) -> Mapping[str, str]:
    """Of the live release, in its folder."""
    live = former.release_in(folder) if folder and folder.name != release.name else release if folder else None
    return {job.name: job.definition for job in live.jobs} if live else {}


def read_containers(asked: Asked | None) -> tuple[Container, ...]:
    if asked is None:
        return ()
    return tuple(Container(*line.split("|", 5)) for line in asked.answer().out.splitlines())


def read_programs(machine: Machine, asked: Asked | None) -> Mapping[str, Program]:
    """Those that supervisor runs, and those that have a file of the system."""
    states: dict[str, str] = {}
    for line in asked.answer().out.splitlines() if asked else ():
        words = line.split()
        if len(words) > 1:
            states[words[0].split(":")[-1]] = words[1]
    definitions: dict[str, str] = {}
    for path in machine.programs.glob(f"berth-{machine.system}-*.conf"):
        head = path.read_text(encoding="utf-8", errors="replace").split("\n", 1)[0]
        definitions[path.stem[len("berth-") :]] = head[2:] if head.startswith("; ") else ""
    names = {name for name in states if name.startswith(f"{machine.system}-")} | definitions.keys()
    return {name: Program(states.get(name, ""), definitions.get(name, "")) for name in sorted(names)}


def is_built(machine: Machine, build: Build) -> bool:
    """It stands with what runs it."""
    folder = machine.sources / "builds"
    stands = (folder / f"{build.name}.commit").exists() and (folder / build.name).is_dir()
    return stands and all(runtimes.stands(machine, one) for one in build.runtimes)


def missing_packages(release: Release, installed: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Where a machine has Docker's own packages, they are used as they are."""
    ours = () if is_installed(installed, "docker-ce") else _FOREIGN_ENGINE
    needed = [name for name in release.packages if name in ours or name not in _FOREIGN_ENGINE]
    return tuple(name for name in needed if not is_installed(installed, name))


def loose_packages(release: Release, installed: Mapping[str, list[str]]) -> tuple[str, ...]:
    if "docker.io" not in release.packages or not is_installed(installed, "docker.io"):
        return ()
    return tuple(name for name in ENGINE_PACKAGES if is_installed(installed, name) and installed[name][1] != "hold")


def is_installed(installed: Mapping[str, list[str]], name: str) -> bool:
    return installed.get(name, [""])[0] == "installed"


def _images_missing(machine: Machine, release: Release, asked: Asked) -> tuple[str, ...]:
    if asked.answer().code == 0:
        return ()
    found = {
        image: machine.start("docker", "image", "inspect", "--format", "{{.Id}}", image) for image in release.images
    }
    return tuple(image for image, one in found.items() if one.answer().code != 0)


def is_block_device(path: str) -> bool:
    try:
        return stat.S_ISBLK(os.stat(path).st_mode)
    except OSError:
        return False


def mounted_at(machine: Machine, folder: Path) -> str:
    return machine.start("findmnt", "-no", "SOURCE", "--mountpoint", str(folder)).answer().out.strip()
