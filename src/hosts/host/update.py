"""
The container engine's packages: newer versions of them and of nothing else, while what runs goes on (live-restore). Run
again after a kill, it continues where it was. `berth update` runs it from the live release.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import lock
import packages
from host_files import await_engine
from journal import last_lines
from look import live_of
from machine import Machine, ProgramFailed
from release import Release
from services import await_healthy, logs_of
from tell import Refused

_WELL_AGAIN_SECONDS = 120
_START_SECONDS = 120
_UNITS = {"containerd.service": "containerd", "docker.service": "docker.io"}


def start(machine: Machine, folder: Path) -> int:
    held = lock.take_lock(machine)
    if held is None:
        patience = f"after {lock.PATIENCE_SECONDS} s, nothing was updated: see sudo journalctl -u {lock.UNIT}"
        print(f"error: a release is still running on this machine {patience}", file=sys.stderr)
        return 75
    code = lock.run_as_unit(*lock.engine(folder, "update-now", str(folder)))
    lock.done()
    if code == lock.KILLED:
        print("error: the update was killed before its end: run it again", file=sys.stderr)
    return code


def update(machine: Machine, release: Release) -> int:
    tell = machine.tell
    if machine.ask("dpkg-query", "--show", "--showformat", "${db:Status-Status}", "docker-ce").out == "installed":
        by_hand = "apt-get install --only-upgrade docker-ce containerd.io"
        tell.report(f"its engine is docker-ce, which its owner updates ({by_hand}): nothing was changed")
        return 0
    former = _versions(machine)
    if "docker.io" not in release.packages or not former:
        tell.report("it has no container engine managed by berth: nothing to update")
        return 0
    try:
        before = _bring(machine, release, former)
    except (Refused, ProgramFailed, OSError) as error:
        if isinstance(error, Refused):
            tell.say(f"error: {error}")
        else:
            tell.explain_failure()
        # Whatever happened, nothing else changes them later
        packages.hold_engine(machine)
        return 1
    tell.report(f"{_told(machine, former)}; all {len(before)} containers are running")
    return 0


def _bring(machine: Machine, release: Release, former: dict[str, str]) -> Sequence[str]:
    before: list[str] = []
    stages: dict[str, Callable[[], object]] = {
        "package lists": lambda: packages.update_lists(machine),
        "look": lambda: before.extend(_look(machine)),
        "packages": lambda: _install_newer(machine, former),
        "engine": lambda: _restart_engine(machine, former, before),
        "services": lambda: _await_services(machine, release, before),
        "hold": lambda: packages.hold_engine(machine),
    }
    for name, work in stages.items():
        machine.tell.begin(name)
        work()
        machine.tell.ended()
    return before


def _versions(machine: Machine) -> dict[str, str]:
    return {name: version for name, version, _ in packages.engine_packages(machine)}


def _told(machine: Machine, former: dict[str, str]) -> str:
    now = _versions(machine)
    newer = [
        f"{name} {former.get(name, 'none')} → {version}" for name, version in now.items() if former.get(name) != version
    ]
    return ", ".join(newer) or f"nothing newer than {', '.join(f'{name} {version}' for name, version in now.items())}"


def _look(machine: Machine) -> Sequence[str]:
    """Before anything is touched: what would stop the containers, and which there are."""
    if not _start_unit(machine, "docker.service", "start"):
        # Those that run have outlived it, so its next start leaves them running, too
        running = _without_engine()
        machine.tell.say(
            f"docker.service does not start; {len(running)} containers run without it: newer versions may fix it"
        )
        return running
    if machine.ask("docker", "info", "--format", "{{.LiveRestoreEnabled}}").out.strip() != "true":
        raise Refused(
            'docker\'s containers would stop with it: write "live-restore": true to /etc/docker/daemon.json, then sudo'
            " systemctl reload docker, and update again"
        )
    # Jobs and commands beside a service come to their own end meanwhile
    form = '{{.ID}} {{.Label "com.docker.compose.oneoff"}}'
    listed = machine.ask("docker", "ps", "--no-trunc", "--filter", "status=running", "--format", form).out
    return [line.split()[0] for line in listed.splitlines() if not line.endswith(" True")]


def _without_engine() -> Sequence[str]:
    """Containers that run, by the processes that hold them, which no engine is asked for."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if "containerd-shim" in words[0] and words[1:3] == ["-namespace", "moby"] and "-id" in words:
            found.append(words[words.index("-id") + 1])
    return sorted(set(found))


def _install_newer(machine: Machine, installed: dict[str, str]) -> None:
    newer = []
    for name, version in installed.items():
        policy = machine.ask("apt-cache", "policy", name).out
        candidate = next(
            (line.split()[1] for line in policy.splitlines() if line.strip().startswith("Candidate:")), version
        )
        if machine.works("dpkg", "--compare-versions", candidate, "gt", version):
            newer.append(f"{name}={candidate}")
    try:
        packages.with_locks(machine, "dpkg", "--configure", "-a")
    except ProgramFailed:
        # A version whose set-up fails is mended by a newer one
        if not newer:
            raise
    if newer:
        machine.tell.say(f"installing {' '.join(newer)}")
        packages.install_packages(machine, ["--allow-change-held-packages", *newer])


def _restart_engine(machine: Machine, former: dict[str, str], before: Sequence[str]) -> None:
    """Debian's docker.io goes on as it was after an upgrade: a program that is no longer on the disk is started anew."""
    for unit in _UNITS:
        if not _start_unit(machine, unit, "restart" if _runs_former(machine, unit) else "start"):
            raise Refused(_engine_is_down(machine, unit, former, before))


def _start_unit(machine: Machine, unit: str, word: str) -> bool:
    """Some versions fail at their start, others never end it."""
    machine.works("systemctl", "reset-failed", unit)
    if not machine.works("timeout", str(_START_SECONDS), "systemctl", word, unit):
        return False
    if unit == "docker.service":
        try:
            await_engine(machine)
        except Refused:
            return False
    return True


def _engine_is_down(machine: Machine, unit: str, former: dict[str, str], before: Sequence[str]) -> str:
    """What a person needs who reads this at night: whether anything is away, and the ways on."""
    package = _UNITS[unit]
    running = set(_without_engine()) & set(before)
    machine.tell.say(f"{unit}: its last lines:")
    machine.tell.say_lines(machine.tell.scrub(last_lines(machine, unit)))
    older = _older_version(machine, package)
    back = (
        f"\nto go back: sudo apt-get install --allow-downgrades --allow-change-held-packages {package}={older} && sudo systemctl"
        f" reset-failed {unit} && sudo systemctl restart {unit}"
    )
    return (
        f"{unit} does not start: {_told(machine, former)}\n"
        f"{len(running)} of {len(before)} containers run on without it; one that stops is not restarted, and one that writes"
        " more than 64 KB to its output blocks\n"
        f"see sudo journalctl -u {unit}; once there is a newer version, update again{back if older else ''}"
    )


def _older_version(machine: Machine, package: str) -> str:
    """The newest before a package's version that its repositories have; empty where there is none."""
    now, newest = _versions(machine).get(package, ""), ""
    for line in machine.ask("apt-cache", "madison", package).out.splitlines():
        version = re.split(r" *\| *", line)[1]
        if machine.works("dpkg", "--compare-versions", version, "lt", now) and (
            newest == "" or machine.works("dpkg", "--compare-versions", version, "gt", newest)
        ):
            newest = version
    return newest


def _runs_former(machine: Machine, unit: str) -> bool:
    process = machine.ask("systemctl", "show", "--property", "MainPID", "--value", unit).out.strip()
    try:
        return os.readlink(f"/proc/{process}/exe").endswith(" (deleted)")
    except OSError:
        return False


def _await_services(machine: Machine, release: Release, before: Sequence[str]) -> None:
    end = time.monotonic() + _WELL_AGAIN_SECONDS
    for one in before:
        if _inspect(machine, one, "{{.State.Status}}") == "exited":
            machine.tell.say(f"starting {_name(machine, one)}, which has stopped")
            machine.run("docker", "start", one)
        while (state := _state(machine, one)) not in ("running", "running healthy"):
            if time.monotonic() > end:
                machine.tell.say(f"{_name(machine, one)}: its last lines:")
                machine.tell.say_lines(machine.tell.scrub(logs_of(machine, one, 15)))
                well_again = f"has not recovered after {_WELL_AGAIN_SECONDS} s: it is {state or 'gone'}"
                raise Refused(f"{_name(machine, one)} was running before the update and {well_again}")
            time.sleep(0.5)
    live = live_of(machine, release)
    for service in release.coloured:
        if service.name in live.services:
            await_healthy(machine, service, live.services[service.name].colour, service.name)


def _state(machine: Machine, container: str) -> str:
    return _inspect(machine, container, "{{.State.Status}} {{with .State.Health}}{{.Status}}{{end}}")


def _name(machine: Machine, container: str) -> str:
    return _inspect(machine, container, "{{slice .Name 1}}")


def _inspect(machine: Machine, container: str, form: str) -> str:
    return machine.ask("docker", "inspect", "--format", form, container).out.strip()
