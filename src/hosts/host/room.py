"""Makes room: releases, images, builds and mirrors that nobody needs for the way back go. Then looks whether it is enough."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import builds
import former
import history
import images
import job_records
import trial
from act import Work
from edge import note_edge
from host_files import remove_files
from machine import Machine
from release import Release
from services import prune_networks
from steps import Finish, MakeRoom
from tell import Refused

_KEPT_RELEASES = 5
_KEPT_WHOLE = 2
_ABANDONED_SECONDS = 3600


def make_room(work: Work, step: MakeRoom) -> None:
    # What failed attempts and older releases left goes before more comes
    prune(work)
    for place in (Path("/var/lib/berth"), Path("/var/lib/docker")):
        place = work.machine.at(str(place))
        if place.is_dir() and images.free_mb(place) < work.release.minimum_free_mb:
            raise Refused(
                f"{place} has {images.free_mb(place)} MB free, a release needs {work.release.minimum_free_mb}: remove what is no longer"
                " needed (sudo docker image ls, sudo journalctl --vacuum-size=100M) or give the machine a larger disk"
            )
    available = _available_memory_mb(work.machine)
    if available < step.memory_mb:
        raise Refused(
            f"{available} MB of memory are available, the new services need up to {step.memory_mb} MB next to the old ones: choose a larger size"
        )


def _available_memory_mb(machine: Machine) -> int:
    found = re.search(
        r"^MemAvailable: +(\d+)", machine.at("/proc/meminfo").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    return int(found.group(1)) // 1024 if found else 0


def prune(work: Work) -> None:
    machine = work.machine
    noted = images.pulled(machine, work.release.name)
    recent = [record.release for record in history.went_live(history.read_history(machine), _KEPT_RELEASES)]
    # The release under way, the live one and the four before it, with the configuration that they name
    _prune_releases(machine, {work.release.name, *recent})
    # Of the release under way, of the live one and of the former one: the way back needs no registry
    whole = _releases(machine, {work.release.name, *recent[:_KEPT_WHOLE]})
    _prune_images(machine, noted, {images.stored_name(image) for release in whole for image in release.images})
    builds.prune(machine, [build for release in whole for build in release.builds])
    _remove_all(path for path in machine.at("/var/lib").glob("berth.??????") if _is_abandoned(path))


def _releases(machine: Machine, names: set[str]) -> list[Release]:
    found = (former.release_in(machine.releases / name) for name in names)
    return [release for release in found if release]


def _prune_releases(machine: Machine, kept: set[str]) -> None:
    _remove_all(folder for folder in machine.releases.iterdir() if folder.name not in kept)
    releases = _releases(machine, {folder.name for folder in machine.releases.iterdir()})
    named = {Path(file.path).parent.name for release in releases for file in release.files if file.kind == "release"}
    of_system = (
        "--all",
        "--filter",
        f"label=berth.system={machine.system}",
        "--format",
        '{{.Label "berth.definition"}}',
    )
    named |= set(machine.ask("docker", "ps", *of_system).out.split())
    folders = machine.configuration.glob("*/*")
    _remove_all(folder for folder in folders if folder.is_dir() and folder.name not in named)


def _prune_images(machine: Machine, noted: Sequence[str], kept: set[str]) -> None:
    """What can't be removed, since something runs of it, is tried again by the next release."""
    if shutil.which("docker") is None:
        return
    left = [image for image in noted if images.stored_name(image) in kept or not _gone(machine, image)]
    images.write_pulled(machine, left)


def _gone(machine: Machine, image: str) -> bool:
    """Said of it by docker alone: one that does not answer at this moment says nothing of it."""
    if machine.works("docker", "image", "rm", image):
        return True
    asked = machine.ask("docker", "image", "inspect", image)
    return asked.code != 0 and "no such image" in asked.err.lower()


def _is_abandoned(path: Path) -> bool:
    """Of a connection that was cut before its release began."""
    return time.time() - path.stat().st_mtime > _ABANDONED_SECONDS


def _remove_all(paths: Iterable[Path]) -> None:
    for path in list(paths):
        shutil.rmtree(path, ignore_errors=True)


def finish(work: Work, step: Finish) -> None:
    machine = work.machine
    new = machine.state / ".current"
    new.unlink(missing_ok=True)
    new.symlink_to(f"releases/{work.release.name}")
    new.replace(machine.current)
    remove_files(work, step.remove)
    note_edge(work)
    if shutil.which("docker"):
        prune_networks(machine)
    history.forget_begun(machine)
    job_records.forget_gone(machine, work.release)
    # Also where nothing was switched
    trial.end(machine)
    shutil.rmtree(machine.backup, ignore_errors=True)
    prune(work)
    say_way_back(machine)


def say_way_back(machine: Machine) -> None:
    """Said only of what is there."""
    record = history.former_of(history.read_history(machine))
    release = former.release_in(machine.releases / record.release) if record else None
    if record is None or release is None:
        return
    for image in release.images:
        if not machine.works("docker", "image", "inspect", image):
            return machine.tell.say(f"a rollback to {record.version} would pull {image} again")
    for build in release.builds:
        if not builds.stands(machine, build):
            return machine.tell.say(f"a rollback to {record.version} would build {build.name} again")
    machine.tell.say(f"the former release, {record.version}, is kept for a rollback")
