"""The machine's own nginx as its edge: its configuration is tested before it is installed, and applied by a reload."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from certificates import read_certificate
from machine import Machine
from tell import Refused


def accepts(machine: Machine, text: Path, place: Path) -> bool:
    """Everything that nginx reads, with one file in another's place, which it alone sees."""
    stage = tempfile.mkdtemp(prefix="berth-nginx.", dir="/run")
    try:
        if place.parent.is_dir():
            shutil.copytree(place.parent, stage, symlinks=True, dirs_exist_ok=True)
        shutil.copyfile(text, Path(stage) / place.name)
        script = 'mount --bind "$1" "$2" && exec nginx -t -q'
        return machine.works("unshare", "--mount", "sh", "-c", script, "sh", stage, str(place.parent))
    finally:
        shutil.rmtree(stage)


def take_up(machine: Machine) -> None:
    _drop_placeholder(machine)
    machine.run("nginx", "-t", "-q")
    machine.run("systemctl", "reload-or-restart", "nginx.service")


def _drop_placeholder(machine: Machine) -> None:
    """Debian's own welcome page, as long as nobody made something of it."""
    link = machine.at("/etc/nginx/sites-enabled/default")
    if not link.is_symlink() or os.path.realpath(link) != str(machine.at("/etc/nginx/sites-available/default")):
        return
    if "sites-available/default" not in machine.ask("dpkg", "--verify", "nginx-common").out:
        link.unlink()


def ensure_certificate(machine: Machine) -> None:
    """The first one, or one that has ended: renewals are the timer's."""
    settings = machine.configuration / "acme" / "config"
    if not settings.exists():
        return
    found = dict(re.findall(r"^(\w+)=(.*)$", settings.read_text(encoding="utf-8"), flags=re.MULTILINE))
    names = (machine.configuration / "acme" / "domains").read_text(encoding="utf-8").split(">")[0].split()
    certificate = machine.at(found["CERTDIR"]) / machine.system / "fullchain.pem"
    if certificate.exists() and all(_serves(machine, certificate.read_text(encoding="utf-8"), name) for name in names):
        return
    machine.tell.say(f"  requesting a certificate for {' '.join(names)}")
    for folder in (machine.sources, machine.at(found["WELLKNOWN"])):
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    ask = ("dehydrated", "--config", str(settings))
    if not (machine.works(*ask, "--register", "--accept-terms") and machine.works(*ask, "--cron", "--force")):
        raise Refused(
            f"no certificate for {' '.join(names)}: DNS must resolve the name to this machine, and its port 80 must be open to"
            f" the internet (authorities limit failed attempts per hour): {machine.tell.last_line(4)}"
        )


def _serves(machine: Machine, certificate: str, name: str) -> bool:
    said = read_certificate(machine, certificate, name)
    return "does match" in said and "will not expire" in said
