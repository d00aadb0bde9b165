"""What `sudo berth` does on a machine (templates/host/berth.sh): without the stack, its state, or a network."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import back
import here_texts
import how
import logs
from check import TRY_AGAIN, differing, is_released, told_steps
from history import read_history
from look import look
from machine import Machine
from plan import plan
from release import Release
from tell import Refused

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def main(machine: Machine, release: Release, folder: Path, words: Sequence[str]) -> int:
    asked = _parser().parse_args(words)
    try:
        system = chosen(asked.system, systems(machine))
        if system != machine.system:
            return _by_engine_of(machine, system, words)
        return int(_COMMANDS[asked.command](machine, release, folder, asked))
    except Refused as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def systems(machine: Machine) -> Sequence[str]:
    return sorted(path.parent.name for path in machine.at("/var/lib/berth").glob("*/current"))


def chosen(named: str | None, there: Sequence[str]) -> str:
    """@raises Refused where it is not clear which one is meant"""
    if named is None and len(there) == 1:
        return there[0]
    if named is None:
        raise Refused(f"this machine has several systems: name one of {', '.join(there)}")
    if named not in there:
        raise Refused(f"this machine has no system {named}: it has {', '.join(there)}")
    return named


def _by_engine_of(machine: Machine, system: str, words: Sequence[str]) -> int:
    current = machine.at(f"/var/lib/berth/{system}/current")
    if not (current / "engine/here.py").exists():
        raise Refused(f"{system} was released by an older berth, which can't be asked here: deploy it once")
    run = ["/usr/bin/python3", "-I", "-B", str(current / "engine"), "here", str(current), *words]
    os.execv(run[0], run)


def _status(machine: Machine, release: Release, _folder: Path, _asked: argparse.Namespace) -> int:
    if is_released(machine):
        return TRY_AGAIN
    seen = look(machine, release)
    found = differing(machine, release, seen)
    records, known = read_history(machine), how.read(machine)
    print("\n".join(here_texts.status(release, seen, records, known, found)))
    return 1 if found else 0


def _history(machine: Machine, _release: Release, _folder: Path, asked: argparse.Namespace) -> int:
    told = here_texts.history(read_history(machine), how.read(machine), back.kept(machine))
    print(json.dumps(told) if asked.json else "\n".join(here_texts.history_lines(told)))
    return 0


def _plan(machine: Machine, release: Release, folder: Path, _asked: argparse.Namespace) -> int:
    if is_released(machine):
        return TRY_AGAIN
    seen = look(machine, release)
    if seen.engine == "stopped" and release.images:
        raise Refused("docker is not running on this machine: a release starts it first")
    steps = told_steps(machine, seen, plan(seen, release), folder)
    print("\n".join(here_texts.steps(f"{release.system} {release.version}, the live release once more", steps)))
    return 0


def _rollback(machine: Machine, release: Release, folder: Path, asked: argparse.Namespace) -> int:
    if asked.really not in (None, machine.system):
        raise Refused(f"--really {asked.really}: the system is {machine.system}")
    if is_released(machine) and asked.plan:
        return TRY_AGAIN
    really = asked.really is not None
    way = back.find(machine, release, asked.to, really)
    if asked.plan and asked.json:
        print(json.dumps(here_texts.way(way)))
        return 0
    if way.refused:
        raise Refused(way.refused)
    if asked.by is None:
        head = f"{release.system} {way.live.version} → {way.target.version}, release {way.target.release}, live from {way.target.at}"
        print("\n".join(here_texts.steps(head, way.steps)), flush=True)
    if asked.plan or not (asked.yes or _agrees()):
        return 0
    began = time.monotonic()
    code = back.bring(machine, release, folder, way, asked.by or how.who(), really)
    if code == 0:
        print(f"{release.system} is back at {way.target.version}, after {time.monotonic() - began:.1f} s")
        if asked.by is None:
            print(
                f"the stack does not know: berth set-version <stack> {release.system} {way.target.version}, then deploy"
            )
    return code


def _agrees() -> bool:
    if not sys.stdin.isatty():
        raise Refused("nobody can be asked here: add --yes to do it. Nothing was done")
    return input("Roll back? [y/N] ").strip().lower() in ("y", "yes")


def _logs(machine: Machine, release: Release, _folder: Path, asked: argparse.Namespace) -> int:
    edge = ["traefik"] if release.edge and release.edge.kind == "traefik" else []
    names = [service.name for service in release.services] + edge
    if asked.service and asked.service not in names:
        raise Refused(f"{release.system} has no service {asked.service} here: services are {', '.join(names)}")
    since = [] if asked.since is None else [f"since={time.time() - asked.since}"]
    bounds = [*since, f"lines={asked.lines}", *(["follow"] if asked.follow else [])]
    return logs.show(machine, release, [*bounds, *([asked.service] if asked.service else names)])


_COMMANDS = {"status": _status, "history": _history, "plan": _plan, "rollback": _rollback, "logs": _logs}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sudo berth", description="what this machine runs, and its way back")
    commands = parser.add_subparsers(dest="command", required=True)
    made = {
        name: commands.add_parser(name, help=told, description=told)
        for name, told in (
            ("status", "the live release, its services, and what differs from it; exits with 1 where something does"),
            ("history", "the releases that went live here, when, how, and which are kept"),
            ("plan", "what the live release would do if it came once more; nothing is changed"),
            ("rollback", "bring back a release that was live before, from what lies on this machine"),
            ("logs", "what the services say, without secrets"),
        )
    }
    for one in made.values():
        one.add_argument("system", nargs="?", help="where the machine has several")
    for name in ("history", "rollback"):
        made[name].add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    rollback = made["rollback"]
    rollback.add_argument("--to", default="", metavar="VERSION|RELEASE", help="default: the one that was live before")
    rollback.add_argument("--plan", action="store_true", help="show its steps and change nothing")
    rollback.add_argument("--yes", action="store_true", help="do not ask")
    rollback.add_argument("--really", metavar="SYSTEM", help="although a migration has run since")
    rollback.add_argument("--by", help=argparse.SUPPRESS)
    of_logs = made["logs"]
    of_logs.add_argument("--service", metavar="NAME", help="this service alone")
    of_logs.add_argument("--since", type=_seconds, metavar="TIME", help="from then on: 30s, 15m, 2h, 1d ago")
    of_logs.add_argument("-n", "--lines", type=int, default=100, help="the last lines of each service (default: 100)")
    of_logs.add_argument("-f", "--follow", action="store_true", help="go on with what is said from now on")
    return parser


def _seconds(text: str) -> int:
    found = re.fullmatch(r"(\d+)([smhd])", text)
    if found is None:
        raise argparse.ArgumentTypeError("write 30s, 15m, 2h or 1d")
    return int(found.group(1)) * _UNITS[found.group(2)]
