"""
New rules of the firewall on a machine that others use too are in force for a while, after which the former ones come
back by themselves (adopt.sh begins it). A login that comes through them meanwhile proves that they lock nobody out.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from machine import Machine

_TIMER = "berth-firewall-revert.timer"


def folder(machine: Machine) -> Path:
    return machine.at("/run/berth-firewall")


def _proven(machine: Machine) -> Path:
    return machine.at("/var/lib/berth/firewall-proven")


def under_way(machine: Machine) -> bool:
    return folder(machine).is_dir()


def record_proof(machine: Machine, rules: Path) -> None:
    """Called by a login that is new: these rules on trial have let it in."""
    tried = folder(machine) / "rules.nft"
    if tried.exists() and rules.exists() and tried.read_bytes() == rules.read_bytes():
        _proven(machine).parent.mkdir(parents=True, exist_ok=True)
        # In the form of sha256sum, which adopt.sh reads it by
        _proven(machine).write_text(f"{_sum(rules)}  -\n", encoding="utf-8")


def is_proven(machine: Machine, rules: Path) -> bool:
    return _proven(machine).exists() and _proven(machine).read_text(encoding="utf-8").split()[0] == _sum(rules)


def hold(machine: Machine) -> None:
    """The rules are about to be in force for good: nothing may put others in their place."""
    machine.works("systemctl", "stop", _TIMER)


def take_back(machine: Machine) -> None:
    if under_way(machine):
        hold(machine)
        machine.run("nft", "-f", str(folder(machine) / "former.nft"))
        end(machine)


def end(machine: Machine) -> None:
    shutil.rmtree(folder(machine), ignore_errors=True)


def _sum(rules: Path) -> str:
    return hashlib.sha256(rules.read_bytes()).hexdigest()
