"""Reads what the engine before this one left on a machine: tables instead of JSON. Goes once no machine has them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from release import Build, File, FormatError, Process, Release, Service, read_release


def release_in(folder: Path) -> Release | None:
    """A release in its folder, of either form; nothing where none can be read."""
    try:
        return read_release(folder)
    except (OSError, ValueError, KeyError, TypeError, FormatError):
        return _of_tables(folder) if (folder / "release.env").exists() else None


def _of_tables(folder: Path) -> Release:
    settings = dict(re.findall(r"^(\w+)='(.*)'$", _text(folder / "release.env"), flags=re.MULTILINE))
    processes = {row[0]: Process(row[1], row[2], int(row[3])) for row in rows(folder / "processes.tsv")}
    services = [
        Service(
            *(row[0], row[1], row[2], int(row[3]), int(row[4]), (), int(row[7]), 0, ()),
            process=processes.get(row[0]),
        )
        for row in rows(folder / "services.tsv")
    ]
    files = [
        File(row[5], row[0], row[1], row[2], "", activate=None if row[4] == "-" else row[4])
        for row in rows(folder / "files.tsv")
    ]
    return Release(
        format=0,
        system=settings.get("SYSTEM", ""),
        version=settings.get("VERSION", ""),
        name=settings.get("RELEASE", folder.name),
        adopted="ADOPTED" in settings,
        minimum_free_mb=0,
        drain_seconds=0,
        volume_devices=(),
        packages=tuple(_text(folder / "packages").split()),
        images=tuple(_text(folder / "images").split()),
        units=(),
        boot_units=(),
        services=tuple(services),
        files=tuple(files),
        folders=(),
        builds=tuple(Build(row[0], row[1], row[2], row[3]) for row in rows(folder / "sources.tsv")),
    )


def records(state: Path) -> Sequence[list[str]]:
    return rows(state / "history.tsv")


def begun(state: Path) -> Sequence[list[str]]:
    return [line.split(" ") for line in _text(state / "begun").splitlines()]


def pulled_images(state: Path) -> Sequence[str]:
    return _text(state / "pulled-images").split()


def changed_files(backup: Path) -> Sequence[list[str]]:
    """Activation and path of host files that a killed release changed."""
    return rows(backup / "changed")


def rows(path: Path) -> Sequence[list[str]]:
    return [line.split("\t") for line in _text(path).splitlines() if line and not line.startswith("#")]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
