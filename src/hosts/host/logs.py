"""
What the services of a system said, one line each: its time, the service and the text, without the secrets of the live
release. Containers by docker, processes by the journal, to which supervisor passes their output.
"""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone

from machine import Machine
from release import Release

_ANEW_SECONDS = 2.0
# Between time, service and text; no name holds one
_APART = "\t"


@dataclass(frozen=True)
class Wanted:
    """Everything since a moment, or the last lines of each service."""

    services: tuple[str, ...]
    # In seconds since 1970; what is said from then on follows
    began: float
    since: float | None = None
    lines: int = 100
    follow: bool = False


@dataclass
class _Shown:
    """Sources that are read already, and who may write."""

    sources: set[str] = field(default_factory=set)
    readers: list[tuple[subprocess.Popen[str], threading.Thread]] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)


def wanted_of(words: Sequence[str]) -> Wanted:
    """@param words `since=<seconds since 1970>`, `lines=<number>`, `follow`, and names of services"""
    told = dict(word.split("=", 1) for word in words if "=" in word)
    names = tuple(word for word in words if "=" not in word and word != "follow")
    since = float(told["since"]) if "since" in told else None
    return Wanted(names, time.time(), since, int(told.get("lines", "100")), "follow" in words)


def show(machine: Machine, release: Release, words: Sequence[str]) -> int:
    """To standard output, until nobody reads it any more where it follows. @returns 0"""
    wanted = wanted_of(words)
    shown = _Shown()
    try:
        _read_new(machine, release, wanted, shown)
        while wanted.follow and not _left_alone():
            # What a release starts meanwhile is read from its first line
            _read_new(machine, release, replace(wanted, since=wanted.began), shown)
    finally:
        for reader, thread in shown.readers:
            reader.terminate()
            reader.wait()
            thread.join()
    return 0


def _read_new(machine: Machine, release: Release, wanted: Wanted, shown: _Shown) -> None:
    for source, service, command in _sources(machine, release, wanted):
        if source in shown.sources:
            continue
        shown.sources.add(source)
        reader = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        thread = threading.Thread(target=_pass_on, args=(machine, service, reader, shown.turn))
        shown.readers.append((reader, thread))
        thread.start()
    if not wanted.follow:
        for _, thread in shown.readers:
            thread.join()


def _sources(machine: Machine, release: Release, wanted: Wanted) -> Iterator[tuple[str, str, list[str]]]:
    """@returns for each a name, its service, empty where each line names it, and the program that reads it"""
    follow = ["--follow"] if wanted.follow else []
    of_system = f"label=berth.system={machine.system}"
    listed = machine.start(
        "docker", "ps", "--all", "--no-trunc", "--filter", of_system, "--format", '{{.ID}} {{.Label "berth.service"}}'
    )
    for line in listed.answer().out.splitlines():
        container, _, service = line.partition(" ")
        if service in wanted.services:
            bound = ["--since", _moment(wanted.since)] if wanted.since is not None else ["--tail", str(wanted.lines)]
            yield container, service, ["docker", "logs", "--timestamps", *bound, *follow, container]
    processes = [one.name for one in release.services if one.process and one.name in wanted.services]
    if processes:
        named = "|".join(re.escape(name) for name in processes)
        only = f"--grep=^{re.escape(machine.system)}-({named})-(blue|green) "
        words = ["journalctl", "--quiet", "--identifier=supervisord", "--output=json", only]
        if wanted.since is None:
            # Its last lines and those to come can't be had in one: the journal reads the last ones backwards
            yield "journal before", "", [*words, f"--lines={wanted.lines}", f"--until=@{wanted.began:.6f}"]
        if wanted.since is not None or wanted.follow:
            since = wanted.began if wanted.since is None else wanted.since
            yield "journal", "", [*words, f"--since=@{since:.6f}", "--no-tail", *follow]


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat()


def _pass_on(machine: Machine, service: str, reader: subprocess.Popen[str], turn: threading.Lock) -> None:
    for line in reader.stdout or ():
        entry = in_container(service, line) if service else of_process(machine.system, line)
        if entry is None:
            continue
        moment, name, text = entry
        with turn:
            try:
                os.write(1, f"{_APART.join((moment, name, machine.tell.scrub(text)))}\n".encode())
            except OSError:
                return


def in_container(service: str, line: str) -> tuple[str, str, str] | None:
    """@param line as `docker logs --timestamps` writes it"""
    moment, _, text = line.rstrip("\r\n").partition(" ")
    return (moment, service, text) if re.match(r"\d{4}-\d\d-\d\dT", moment) else None


def of_process(system: str, line: str) -> tuple[str, str, str] | None:
    """@param line an entry of the journal as JSON, whose message begins with the program's name"""
    try:
        entry = json.loads(line)
        seconds, micro = divmod(int(entry["__REALTIME_TIMESTAMP"]), 1_000_000)
        message = entry["MESSAGE"]
        # The journal tells a text that is no UTF-8 as its bytes
        said = message if isinstance(message, str) else bytes(message).decode(errors="replace")
    except (ValueError, KeyError, TypeError):
        return None
    program, _, text = said.partition(" ")
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{micro:06d}Z"
    return moment, re.sub(r"-(blue|green)$", "", program[len(system) + 1 :]), text


def _left_alone() -> bool:
    """Waits for a moment. @returns whether nobody reads any more"""
    lost = select.poll()
    lost.register(1, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in lost.poll(int(_ANEW_SECONDS * 1000)))
