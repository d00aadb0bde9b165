"""The address of several machines, which keepalived holds on one of them; the machine's own network card takes it."""

from __future__ import annotations

import re
import socket
import time
from pathlib import Path

from machine import Machine, sync_replace
from tell import Refused

_PLACED = "/etc/berth/address.conf"
_READ = "/etc/keepalived/keepalived.conf"
_UNIT = "keepalived.service"
_WAIT_SECONDS = 15


def accepts(machine: Machine, text: Path) -> bool:
    proposed = machine.at("/run/berth-address.conf")
    _write(machine, text, proposed)
    try:
        return machine.works("keepalived", "--config-test", "--use-file", str(proposed))
    finally:
        proposed.unlink()


def take_up(machine: Machine) -> None:
    """Other settings are read without giving the address away."""
    placed, read = machine.at(_PLACED), machine.at(_READ)
    if not placed.exists():
        machine.works("systemctl", "disable", "--now", "--quiet", _UNIT)
        read.unlink(missing_ok=True)
        return
    _write(machine, placed, read)
    machine.run("systemctl", "enable", "--quiet", _UNIT)
    machine.run("systemctl", "reload-or-restart", _UNIT)
    _await(machine, placed.read_text(encoding="utf-8"))


def card(routes: str) -> str:
    """The network card of the default route, as `ip route` tells it; empty without one."""
    found = re.search(r"^default .*?\bdev (\S+)", routes, flags=re.MULTILINE)
    return found.group(1) if found else ""


def _write(machine: Machine, text: Path, place: Path) -> None:
    found = card(machine.ask("ip", "-4", "route", "show", "default").out)
    if not found:
        raise Refused("no network card can take the common address: this machine has no default route")
    place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    sync_replace(place, text.read_text(encoding="utf-8").replace("@interface@", found), 0o600)


def _await(machine: Machine, text: str) -> None:
    """A first certificate is asked for by way of the address, so that one of the machines has to have it by then."""
    found = re.search(r"virtual_ipaddress {\s+([\d.]+)/", text)
    end = time.monotonic() + _WAIT_SECONDS
    while found and not _answers(found.group(1)):
        if time.monotonic() > end:
            machine.tell.say(f"warning: no machine answers at the common address {found.group(1)}")
            return
        time.sleep(0.5)


def _answers(address: str) -> bool:
    try:
        with socket.create_connection((address, 80), timeout=1):
            return True
    except OSError:
        return False
