"""
Takes what berth brought from a machine that others use too, once the machine has left its stack. Data, certificates and
logs stay, and so do packages and images, which others may use by now.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import bridges
import container_figures
import figures
import release_figures
from host_files import BRIDGES_UNIT
from look import FIREWALL_UNIT
from machine import Machine
from packages import release_engine
from release import Release
from services import prune_networks, remove_containers

_STATE = (
    "releases",
    "current",
    "edge",
    "backup",
    "history.json",
    "history.tsv",
    "how.json",
    "pulled.json",
    "pulled-images",
    "begun.json",
    "begun",
    "edge.yaml",
    "jobs",
)


def retire(machine: Machine, release: Release) -> int:
    if not release.adopted:
        print(
            "error: this machine was created by berth and is deleted with its stack: nothing was removed from it",
            file=sys.stderr,
        )
        return 1
    system = machine.system
    if shutil.which("docker"):
        found = machine.ask("docker", "ps", "--all", "--quiet", "--filter", f"label=berth.system={system}").out.split()
        remove_containers(machine, found)
        prune_networks(machine)
        release_engine(machine)
    if shutil.which("supervisorctl"):
        for file in machine.programs.glob("berth-*.conf"):
            file.unlink()
        machine.run("supervisorctl", "update")
        shutil.rmtree(machine.at("/run/berth-files"), ignore_errors=True)
    machine.works("systemctl", "disable", "--now", FIREWALL_UNIT)
    machine.works("systemctl", "disable", BRIDGES_UNIT)
    machine.works("systemctl", "disable", "--now", f"berth-certificate-{system}.timer")
    machine.works("systemctl", "disable", "--now", f"berth-figures-{system}.timer")
    machine.works("nft", "delete", "table", "inet", "berth")
    for job in release.jobs:
        machine.works("systemctl", "disable", "--now", f"berth-job-{system}-{job.name}.timer")
    for placed in release.files:
        machine.at(placed.path).unlink(missing_ok=True)
    machine.at(f"/etc/nginx/conf.d/berth-{system}.conf").unlink(missing_ok=True)
    for path in (
        machine.at(bridges.FILE),
        machine.configuration,
        machine.sources,
        machine.at("/var/lib/berth/firewall-proven"),
        *(machine.state / name for name in _STATE),
        *figures.folder(machine).glob(f"{system}-*.prom"),
        release_figures.path(machine),
        container_figures.path(machine),
    ):
        _remove(path)
    machine.run("systemctl", "daemon-reload")
    if machine.works("systemctl", "is-active", "--quiet", "nginx.service"):
        machine.run("systemctl", "reload", "nginx.service")
    print(
        f"{system} was removed from this machine. Left in place: {machine.state} and /var/log/berth/{system} with its data and logs,"
        " packages, images"
    )
    return 0


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
