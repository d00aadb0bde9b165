"""
Which bridges of an adopted machine are docker's networks, and which somebody else's, as the rules of its firewall need to
know. Names don't tell: a network of docker's may have any, and the machine's own network card may be part of a bridge.
Looked at before the rules are first loaded, by each release, and whenever docker starts.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

from machine import Machine, sync_replace

FILE = "/etc/berth/bridges.nft.conf"
# Docker's own names: such bridges come and go with what others run, and the rules know them by their names
_NAMED_BY_DOCKER = re.compile(r"docker0|br-[0-9a-f]{12}")
_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
_SETS = ("containers", "others")


def look_at(machine: Machine) -> None:
    if not is_outdated(machine):
        return
    # Docker makes a network's bridge first, and tells of it a moment later
    time.sleep(1)
    file = machine.at(FILE)
    file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    sync_replace(file, _text(machine))


def is_outdated(machine: Machine) -> bool:
    return _read(machine) != _text(machine)


def mistaken(machine: Machine) -> Sequence[str]:
    """Others' bridges that the rules take for docker's by their names."""
    dockers, known = _of_docker(machine), _in_file(machine, "others")
    return [name for name in _bridges(machine) if name.startswith("br-") and name not in dockers and name not in known]


def _text(machine: Machine) -> str:
    dockers, every = _of_docker(machine), _bridges(machine)
    named = ([name for name in every if name in dockers], [name for name in every if name not in dockers])
    lines = [
        "# Bridges of this machine when berth looked last: docker's networks with names of their own, and those of others"
    ]
    for name, bridges in zip(_SETS, named):
        if bridges:
            elements = ",".join(f'"{bridge}"' for bridge in bridges)
            lines.append(f"add element inet berth {name} {{ {elements} }}")
    return "\n".join(lines) + "\n"


def _bridges(machine: Machine) -> Sequence[str]:
    listed = machine.start("ip", "-brief", "link", "show", "type", "bridge").answer().out.splitlines()
    names = [line.split()[0] for line in listed if line.strip()]
    return sorted(name for name in names if _PLAIN.fullmatch(name) and not _NAMED_BY_DOCKER.fullmatch(name))


def _of_docker(machine: Machine) -> Sequence[str]:
    """An engine that does not run is not asked, since that would start it: then its networks are those of the last look."""
    if machine.start("systemctl", "is-active", "--quiet", "docker.service").answer().code != 0:
        return _in_file(machine, "containers")
    networks = machine.start("docker", "network", "ls", "--quiet", "--filter", "driver=bridge").answer()
    if networks.code != 0:
        return _in_file(machine, "containers")
    ids = networks.out.split()
    # A network may go in between
    form = '{{index .Options "com.docker.network.bridge.name"}}'
    named = machine.start("docker", "network", "inspect", "--format", form, *ids).answer().out.split() if ids else []
    return [name for name in named if not _leads_outside(machine, name)]


def _leads_outside(machine: Machine, bridge: str) -> bool:
    """A network of docker's may be a bridge that others made, by which the machine is reached: not containers alone call there."""
    show = ("ip", "-oneline", "link", "show", "master", bridge)
    ports = machine.start(*show).answer().out.splitlines()
    containers = machine.start(*show, "type", "veth").answer().out.splitlines()
    routes = "".join(
        machine.start("ip", family, "route", "show", "dev", bridge).answer().out for family in ("-4", "-6")
    )
    return len(ports) > len(containers) or " via " in routes


def _in_file(machine: Machine, name: str) -> Sequence[str]:
    found = re.search(rf" {name} {{ (.*) }}", _read(machine) or "")
    return found.group(1).replace('"', "").split(",") if found else []


def _read(machine: Machine) -> str | None:
    file = machine.at(FILE)
    return file.read_text(encoding="utf-8") if file.exists() else None
