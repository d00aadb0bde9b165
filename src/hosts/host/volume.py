"""The data disk: made a file system once, mounted now and before docker at every boot, and grown to a disk that was made larger."""

from __future__ import annotations

import time
from pathlib import Path

from act import Work
from look import is_block_device, mounted_at
from machine import Machine, sync_replace
from steps import Grow, Mount
from tell import Refused

_WAIT_SECONDS = 60
_OPTIONS = "ext4 defaults,nofail,x-systemd.device-timeout=60s,x-systemd.before=docker.service,x-systemd.growfs 0 2"


def mount(work: Work, step: Mount) -> None:
    machine = work.machine
    device = _await_device(step)
    data = machine.data
    mounted = mounted_at(machine, data)
    if mounted == str(Path(device).resolve()):
        return
    if mounted:
        raise Refused(f"another disk than {device} is mounted at {data} ({mounted}): nothing was changed")
    if data.exists() and any(data.iterdir()):
        raise Refused(
            f"{data} has files on the machine's own disk, which the data disk would hide: move them elsewhere, or onto {device} by hand"
        )
    _make_file_system(machine, device)
    uuid = machine.run("blkid", "--probe", "--match-tag", "UUID", "--output", "value", device).strip()
    data.mkdir(mode=0o755, parents=True, exist_ok=True)
    # While the disk is away nothing can be written in its place
    machine.works("chattr", "+i", str(data))
    _write_fstab(machine, data, f"UUID={uuid} {data} {_OPTIONS}")
    machine.run("systemctl", "daemon-reload")
    if not machine.works("mount", str(data)):
        raise Refused(f"the data disk {device} can't be mounted at {data}: {machine.tell.last_line(2)}")


def grow(work: Work, step: Grow) -> None:
    """While it is in use. A disk that shows its new size only after a boot is grown by that."""
    machine = work.machine
    machine.tell.say(f"growing the file system of the data disk: {step.reason}")
    if not machine.works("resize2fs", step.device):
        raise Refused(f"the file system of the data disk {step.device} can't be grown: {machine.tell.last_line(2)}")


def _await_device(step: Mount) -> str:
    """The disk has one of these names, by the bus that it is on."""
    end = time.monotonic() + _WAIT_SECONDS
    while True:
        for device in step.devices:
            if is_block_device(device):
                return device
        if time.monotonic() > end:
            raise Refused(
                f"the data disk {' or '.join(step.devices)} was not found after {_WAIT_SECONDS} s: check that it is attached to"
                " this machine (lsblk), then run pulumi up again"
            )
        time.sleep(0.5)


def _make_file_system(machine: Machine, device: str) -> None:
    """Only a disk with nothing at all on it is written to."""
    answer = machine.ask("wipefs", "--no-act", "--noheadings", "--output", "TYPE", device)
    if answer.code != 0:
        raise Refused(f"the data disk {device} can't be read: {machine.tell.last_line(1)}")
    signatures = answer.out.split()
    if signatures == ["ext4"]:
        return
    if signatures:
        raise Refused(
            f"the data disk {device} is neither empty nor ext4 (it has {', '.join(signatures)}): berth does not format a disk that"
            " has content; attach another one, or erase it by hand (wipefs --all)"
        )
    machine.tell.say(f"formatting the new data disk {device}")
    machine.run("mkfs.ext4", "-q", device)


def _write_fstab(machine: Machine, data: Path, line: str) -> None:
    """One line for the folder, whichever disk it had before."""
    path = machine.at("/etc/fstab")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    others = [one for one in lines if one.split()[1:2] != [str(data)]]
    sync_replace(path, "\n".join([*others, line]) + "\n")
