"""A release as its machine reads it: `release.json`, written by src/render/release.ts, in the form of releaseFormat.ts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

# Raised with every change of release.json that an older engine would read wrongly
FORMAT = 1
DOCKER_SETTINGS = "/etc/docker/daemon.json"
Made = TypeVar("Made")


class FormatError(Exception):
    """A release that this engine can't read; its text is for a person."""


@dataclass(frozen=True)
class Health:
    """How a service shows that it works: a path of its own port answers with a status that the pattern matches."""

    path: str
    deadline_seconds: int
    status: str


@dataclass(frozen=True)
class Process:
    """A service that supervisor runs: its user, the build it runs from, how long its last requests may take."""

    user: str
    build: str
    stop_seconds: int


@dataclass(frozen=True)
class Folder:
    path: str
    mode: str
    owner: str


@dataclass(frozen=True)
class Service:
    """In `colours` it runs twice during a switch, on the port `blue` or `green`; otherwise it is replaced."""

    name: str
    rollout: str
    definition: str
    blue: int
    green: int
    calls: tuple[str, ...]
    deadline_seconds: int
    memory_mb: int
    log_folders: tuple[Folder, ...]
    health: Health | None = None
    process: Process | None = None

    @property
    def coloured(self) -> bool:
        return self.rollout == "colours"

    def port(self, colour: str) -> int:
        return self.green if colour == "green" else self.blue


@dataclass(frozen=True)
class Program:
    """A step that runs from a build, as a user of its own."""

    user: str
    build: str


@dataclass(frozen=True)
class JobStep:
    """
    `service` is its name in jobs.yaml, where `calls` are services of the machine that it calls; a program has a start script
    in the folder of that name. One that streams runs together with the step after it.
    """

    service: str
    definition: str
    calls: tuple[str, ...]
    program: Program | None = None
    streams: bool = False


@dataclass(frozen=True)
class Job:
    """What runs to its end in containers or as programs of its own: at a `release`, on a `calendar`, or when `asked`."""

    name: str
    when: str
    definition: str
    deadline_seconds: int
    memory_mb: int
    steps: tuple[JobStep, ...]
    # Variables that whoever asks for it may set
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True)
class File:
    """Placed at its path. Programs of the machine read a `host` file; a `release` file has a folder that nothing reads yet."""

    path: str
    kind: str
    mode: str
    owner: str
    sha256: str
    check: str | None = None
    activate: str | None = None


@dataclass(frozen=True)
class Runtime:
    """A version of a language; `origin` is where it is fetched if Debian's is another: the folder of Node's versions, the list of Python's."""

    language: str
    version: str
    origin: str

    @property
    def name(self) -> str:
        return f"{self.language}-{self.version}"


@dataclass(frozen=True)
class Build:
    """A commit of a repository, built once in a folder of its name."""

    name: str
    repository: str
    revision: str
    user: str
    runtimes: tuple[Runtime, ...] = ()


@dataclass(frozen=True)
class Edge:
    """The proxy in front: `nginx` of Debian or a container of `traefik`, and how the machine asks it."""

    kind: str
    definition: str
    user: str
    restart: bool
    routes: str
    domain: str
    scheme: str
    port: int
    path: str
    status: str
    certificates: tuple[str, ...]


@dataclass(frozen=True)
class Release:
    format: int
    system: str
    version: str
    name: str
    adopted: bool
    minimum_free_mb: int
    drain_seconds: int
    volume_devices: tuple[str, ...]
    packages: tuple[str, ...]
    images: tuple[str, ...]
    units: tuple[str, ...]
    boot_units: tuple[str, ...]
    services: tuple[Service, ...]
    files: tuple[File, ...]
    folders: tuple[Folder, ...]
    builds: tuple[Build, ...]
    edge: Edge | None = None
    # Of the data disk, as it is asked for: a machine looks at its disk again where this changes
    volume_gb: int = 0
    # A release of before there were any has none
    jobs: tuple[Job, ...] = ()
    # What its file of docker's settings says
    docker_settings: Mapping[str, Any] | None = None

    @property
    def coloured(self) -> tuple[Service, ...]:
        return tuple(service for service in self.services if service.coloured)

    @property
    def replaced(self) -> tuple[Service, ...]:
        return tuple(service for service in self.services if not service.coloured)

    def job(self, name: str) -> Job | None:
        return next((job for job in self.jobs if job.name == name), None)

    def service(self, name: str) -> Service | None:
        return next((service for service in self.services if service.name == name), None)


def read_release(folder: Path) -> Release:
    """@raises FormatError when it is of a newer engine, OSError when it is not there"""
    read = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    found = read.get("format", 0)
    if found > FORMAT:
        raise FormatError(
            f"release.json has format {found}, this engine reads up to {FORMAT}: deploy with a newer berth"
        )
    return from_json(read, read_settings(folder / f"files{DOCKER_SETTINGS}"))


def read_settings(path: Path) -> Mapping[str, Any] | None:
    """@returns None for a file that is missing or not a JSON object"""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return read if isinstance(read, dict) else None


def from_json(read: dict[str, Any], docker_settings: Mapping[str, Any] | None = None) -> Release:
    edge = read.get("edge")
    return _made(
        Release,
        read,
        docker_settings=docker_settings,
        services=tuple(_service(one) for one in read["services"]),
        files=tuple(_made(File, one) for one in read["files"]),
        folders=tuple(_made(Folder, one) for one in read["folders"]),
        builds=tuple(_build(one) for one in read["builds"]),
        edge=_made(Edge, edge) if edge else None,
        jobs=tuple(_job(one) for one in read.get("jobs", ())),
    )


def _build(read: dict[str, Any]) -> Build:
    return _made(Build, read, runtimes=tuple(_made(Runtime, one) for one in read.get("runtimes", ())))


def _job(read: dict[str, Any]) -> Job:
    return _made(Job, read, steps=tuple(_step(one) for one in read["steps"]))


def _step(read: dict[str, Any]) -> JobStep:
    program = read.get("program")
    return _made(JobStep, read, program=_made(Program, program) if program else None)


def _service(read: dict[str, Any]) -> Service:
    health, process = read.get("health"), read.get("process")
    return _made(
        Service,
        read,
        log_folders=tuple(_made(Folder, one) for one in read["logFolders"]),
        health=_made(Health, health) if health else None,
        process=_made(Process, process) if process else None,
    )


def _made(kind: type[Made], read: dict[str, Any], **nested: object) -> Made:
    """Keys are in camelCase there; those that it does not have are left out."""
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    plain = {_snake(key): tuple(value) if isinstance(value, list) else value for key, value in read.items()}
    return kind(**{name: value for name, value in {**plain, **nested}.items() if name in names})


def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda match: f"_{match.group().lower()}", name)
