"""Files that programs of the machine read: checked, kept for the way back, written, then taken up by those programs."""

from __future__ import annotations

import json
import os
import shutil
import socket
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Callable

import address
import bridges
import former
import nginx
import trial
from act import Work
from look import FIREWALL_UNIT, RULES, half_changed
from machine import Machine, flush, sync_replace
from plan import ACTIVATIONS
from release import File, Folder
from steps import CheckFiles, HostFiles, ReleaseFiles, StartUnits
from tell import Refused

BRIDGES_UNIT = "berth-bridges.service"
_ENGINE_SECONDS = 60
_SSH_SECONDS = 10


def check_files(work: Work, _step: CheckFiles) -> None:
    machine, folder = work.machine, work.folder
    for file in work.release.files:
        if file.check and not _CHECKS[file.check](machine, folder / f"files{file.path}", file):
            raise Refused(f"{file.path} is not valid: {machine.tell.last_line()}")
    if work.release.adopted and not trial.is_proven(machine, folder / f"files{RULES}"):
        raise Refused(
            "no login has succeeded under the new firewall rules of this machine, so they are not applied: test them again"
            " with pulumi up --replace '**-ready'"
        )


def _check_sshd(machine: Machine, path: Path, _file: File) -> bool:
    machine.at("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    return machine.works("/usr/sbin/sshd", "-t", "-f", str(path))


def _check_logrotate(machine: Machine, path: Path, _file: File) -> bool:
    """It tells of a word that it does not know, and then goes on as if nothing were."""
    copied = machine.at("/run/berth-logrotate")
    shutil.copyfile(path, copied)
    copied.chmod(0o644)
    answer = machine.ask("/usr/sbin/logrotate", "--debug", "--state", "/dev/null", str(copied))
    machine.tell.note(answer.out)
    said = (answer.out + answer.err).splitlines()
    return not any(line.startswith(("error", f"warning: {copied}")) for line in said)


_CHECKS: Mapping[str, Callable[[Machine, Path, File], bool]] = {
    "sshd": _check_sshd,
    "firewall": lambda machine, path, _file: machine.works("/usr/sbin/nft", "--check", "--file", str(path)),
    "docker": lambda machine, path, _file: (
        shutil.which("dockerd") is None or machine.works("dockerd", "--validate", "--config-file", str(path))
    ),
    "logrotate": _check_logrotate,
    "nginx": lambda machine, path, file: nginx.accepts(machine, path, machine.at(file.path)),
    "address": lambda machine, path, _file: address.accepts(machine, path),
}


def host_files(work: Work, step: HostFiles) -> None:
    machine = work.machine
    shutil.rmtree(machine.backup, ignore_errors=True)
    machine.backup.mkdir(mode=0o700)
    work.undo.append(lambda: restore(machine))
    work.undo.append(lambda: trial.take_back(machine))
    changed: list[tuple[str, str]] = []
    for file in (*step.write, *step.remove):
        changed.append((file.activate or "", file.path))
        _back_up(machine, file.path, changed)
        if file in step.write:
            place(work, file)
        else:
            machine.at(file.path).unlink(missing_ok=True)
    activate(machine, step.activate)
    for name in step.later:
        machine.tell.say(f"{name} applies its new settings at its next start: a restart now would end requests")


def remove_files(work: Work, files: Sequence[File]) -> None:
    for file in files:
        if file.path.endswith(".timer"):
            work.machine.works("systemctl", "disable", "--now", "--quiet", os.path.basename(file.path))
        work.machine.at(file.path).unlink(missing_ok=True)
    activate(work.machine, [file.activate for file in files if file.activate])


def _back_up(machine: Machine, path: str, changed: Sequence[tuple[str, str]]) -> None:
    """Kept whole, then noted, before it is changed: what is noted and not kept was not there."""
    placed, kept = machine.at(path), machine.backup / path.lstrip("/")
    if placed.exists():
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        machine.run("cp", "--archive", str(placed), str(kept))
        with open(kept, "rb") as file:
            flush(file)
    sync_replace(machine.backup / "changed.json", json.dumps(changed), 0o600)


def restore(machine: Machine) -> None:
    if not half_changed(machine):
        return
    noted = machine.backup / "changed.json"
    if noted.exists():
        changed = json.loads(noted.read_text(encoding="utf-8"))
    else:
        changed = [(activation.replace("-", ""), path) for activation, path in former.changed_files(machine.backup)]
    for _, path in changed:
        kept, placed = machine.backup / path.lstrip("/"), machine.at(path)
        if kept.exists():
            machine.run("cp", "--archive", str(kept), str(placed))
        else:
            placed.unlink(missing_ok=True)
    noted.unlink(missing_ok=True)
    (machine.backup / "changed").unlink(missing_ok=True)
    activate(machine, [activation for activation, _ in changed if activation])


def release_files(work: Work, step: ReleaseFiles) -> None:
    for file in step.files:
        place(work, file)
    for folder in work.release.folders:
        make_folder(work.machine, folder)


def make_folder(machine: Machine, folder: Folder) -> None:
    user, group = folder.owner.split(":")
    machine.run("install", "-d", "-m", folder.mode, "-o", user, "-g", group, str(machine.at(folder.path)))


def place(work: Work, file: File) -> None:
    """In one rename."""
    placed = work.machine.at(file.path)
    placed.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    new = placed.with_name(f"{placed.name}.berth-new")
    shutil.copyfile(work.folder / f"files{file.path}", new)
    with open(new, "rb") as written:
        flush(written)
    user, group = file.owner.split(":")
    os.chown(new, int(user), int(group))
    new.chmod(int(file.mode, 8))
    new.replace(placed)


def start_units(work: Work, step: StartUnits) -> None:
    """Timers of ours start at each boot, too."""
    for unit in step.units:
        work.machine.run(
            "systemctl", *(("enable", "--now", "--quiet") if unit.startswith("berth-") else ("start",)), unit
        )


def activate(machine: Machine, names: Sequence[str]) -> None:
    for name in ACTIVATIONS:
        if name in names:
            _ACTIVATE[name](machine)


def _systemd(machine: Machine) -> None:
    machine.run("systemctl", "daemon-reload")
    units = [unit for unit in (FIREWALL_UNIT, BRIDGES_UNIT) if machine.at(f"/etc/systemd/system/{unit}").exists()]
    if units:
        machine.run("systemctl", "enable", "--quiet", *units)


def _sysctl(machine: Machine) -> None:
    if machine.at("/etc/sysctl.d/berth.conf").exists():
        machine.run("/usr/lib/systemd/systemd-sysctl", "berth.conf")


def _docker(machine: Machine) -> None:
    """Containers go on over a restart (live-restore); a first start has none."""
    machine.run("systemctl", "daemon-reload")
    machine.works("systemctl", "reset-failed", "docker.service")
    machine.run("systemctl", "restart", "docker.service")
    await_engine(machine)


def await_engine(machine: Machine) -> None:
    end = time.monotonic() + _ENGINE_SECONDS
    while not machine.works("docker", "version"):
        if time.monotonic() > end:
            raise Refused(f"docker does not answer {_ENGINE_SECONDS} s after its start: see sudo journalctl -u docker")
        time.sleep(0.2)


def _firewall(machine: Machine) -> None:
    trial.hold(machine)
    if machine.at(f"/etc/systemd/system/{BRIDGES_UNIT}").exists():
        bridges.look_at(machine)
    if machine.at(RULES).exists():
        machine.run("systemctl", "restart", FIREWALL_UNIT)


def _ssh(machine: Machine) -> None:
    """A server that does not answer a new connection is put back."""
    machine.run("systemctl", "reload", "ssh.service")
    end = time.monotonic() + _SSH_SECONDS
    while not _ssh_answers():
        if time.monotonic() > end:
            raise Refused("the SSH server does not answer after its reload")
        time.sleep(0.2)


def _ssh_answers() -> bool:
    try:
        with socket.create_connection(("127.0.0.1", 22), timeout=3) as one:
            return one.recv(4) == b"SSH-"
    except OSError:
        return False


_ACTIVATE: dict[str, Callable[[Machine], object]] = {
    "systemd": _systemd,
    # Programs keep their streams to it
    "journal": lambda machine: machine.run("systemctl", "restart", "systemd-journald.service"),
    "sysctl": _sysctl,
    "authorities": lambda machine: machine.run("update-ca-certificates"),
    "docker": _docker,
    "firewall": _firewall,
    "ssh": _ssh,
    "nginx": nginx.take_up,
    "address": address.take_up,
}
