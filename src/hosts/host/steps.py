"""The steps that bring a machine to a release, as plain data: what is done, and why. `plan` gives them, `act` does them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

from live import Live
from look import Container
from release import Build, File, Job, Service


@dataclass(frozen=True)
class Step:
    """`stage` is the name that a person sees for all steps of its kind, which follow one another."""

    stage: ClassVar[str] = ""
    verb: ClassVar[str] = ""
    reason: str

    def __str__(self) -> str:
        named = [_named(getattr(self, field.name)) for field in fields(self) if field.name != "reason"]
        return " ".join([self.verb, *(name for name in named if name)])


@dataclass(frozen=True)
class Keep(Step):
    """The unpacked release takes its place on the machine."""

    stage, verb = "packages", "keep the release's folder"


@dataclass(frozen=True)
class Install(Step):
    stage, verb = "packages", "install"
    packages: tuple[str, ...]


@dataclass(frozen=True)
class Hold(Step):
    """The container engine's packages change by `berth update` alone."""

    stage, verb = "packages", "hold the container engine's packages"
    packages: tuple[str, ...]


@dataclass(frozen=True)
class Mount(Step):
    stage, verb = "volume", "mount the data disk"
    devices: tuple[str, ...]


@dataclass(frozen=True)
class Grow(Step):
    stage, verb = "volume", "grow the file system of the data disk"
    device: str


@dataclass(frozen=True)
class MakeRoom(Step):
    """Prunes, then looks for the disk and memory that two colours at once need."""

    stage, verb = "room", "make room; memory needed in MB:"
    memory_mb: int


@dataclass(frozen=True)
class CheckFiles(Step):
    stage, verb = "configuration", "check host files, each with its own program"


@dataclass(frozen=True)
class HostFiles(Step):
    """
    Files that programs of the machine read: written or removed, then taken up in the order of `activate`. Programs in
    `later` take them up when they next start.
    """

    stage, verb = "host", "write, remove and activate"
    write: tuple[File, ...]
    remove: tuple[File, ...]
    activate: tuple[str, ...]
    later: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pull(Step):
    stage, verb = "images", "pull"
    images: tuple[str, ...]


@dataclass(frozen=True)
class MakeBuild(Step):
    stage, verb = "build", "build"
    build: Build


@dataclass(frozen=True)
class ReleaseFiles(Step):
    """Files in folders that nothing reads yet, and the folders of services and edge."""

    stage, verb = "service files", "write files of services"
    files: tuple[File, ...]


@dataclass(frozen=True)
class CheckServices(Step):
    stage, verb = "services' configuration", "check compose files and services' configuration"


@dataclass(frozen=True)
class StartEdge(Step):
    """`running` is the definition of the one that goes; empty where there is none."""

    stage, verb = "edge", "start the edge"
    running: str


@dataclass(frozen=True)
class LeaveEdge(Step):
    stage, verb = "edge", "leave the edge as it is until restartEdge is set"


@dataclass(frozen=True)
class EnsureNginx(Step):
    """It runs, shows what its routes say, and has its certificate."""

    stage, verb = "edge", "ensure that nginx runs and has its certificate"


@dataclass(frozen=True)
class RunJob(Step):
    """A job of the release, to its end. Nothing of the new release starts that does not find what it did."""

    stage, verb = "jobs", "run"
    job: Job


@dataclass(frozen=True)
class Start(Step):
    """A service, in the colour that does not serve."""

    stage, verb = "new containers", "start"
    service: Service
    colour: str


@dataclass(frozen=True)
class Replace(Step):
    """A service that can't run twice."""

    stage, verb = "base", "replace"
    service: Service


@dataclass(frozen=True)
class Switch(Step):
    """The one step that makes the release live."""

    stage, verb = "switch", "switch to"
    live: Live


@dataclass(frozen=True)
class AwaitCertificates(Step):
    stage, verb = "certificates", "wait for certificates"


@dataclass(frozen=True)
class Drain(Step):
    stage, verb = "drain", "drain requests, in seconds:"
    seconds: int


@dataclass(frozen=True)
class Stop(Step):
    """A service, in a colour that no longer serves."""

    stage, verb = "drain", "stop"
    service: str
    colour: str


@dataclass(frozen=True)
class Remove(Step):
    """Containers and programs that are not of this release."""

    stage, verb = "drain", "remove"
    containers: tuple[Container, ...]
    programs: tuple[str, ...]


@dataclass(frozen=True)
class StartUnits(Step):
    stage, verb = "finish", "start"
    units: tuple[str, ...]


@dataclass(frozen=True)
class Finish(Step):
    """The release is noted as the current one, and what nobody needs goes."""

    stage, verb = "finish", "record the release as the current one, and prune"
    remove: tuple[File, ...]


Plan = tuple[Step, ...]


def _named(value: Any) -> str:
    """What a person calls it."""
    if isinstance(value, tuple):
        return ", ".join(_named(item) for item in value)
    if isinstance(value, Live):
        led = [f"{name} in {standing.colour}" for name, standing in value.services.items()]
        return ", ".join([f"generation {value.generation}", *led])
    if isinstance(value, File):
        return value.path
    if isinstance(value, (Service, Job)):
        return value.name
    if isinstance(value, Build):
        return f"{value.revision} of {value.repository}"
    return f"{value.project}/{value.service}" if isinstance(value, Container) else str(value)
