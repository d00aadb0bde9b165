"""Containers and programs of services: the new one beside the old, its health, its end."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import processes
from act import Work
from host_files import await_engine, make_folder
from live import Standing
from machine import Asked, Machine
from release import Folder, Release, Service
from steps import CheckServices, Drain, Remove, Start, Stop
from tell import Refused

_POLL_SECONDS = 0.2
_MOST_FALLS = 3


def choices(release: Release, led: Mapping[str, Standing]) -> dict[str, str]:
    """What compose files name: BACKEND_COLOUR, BACKEND_PORT, BACKEND_RELEASE."""
    named: dict[str, str] = {}
    for service in release.services:
        upper = service.name.upper().replace("-", "_")
        named[f"{upper}_RELEASE"] = service.definition
        if service.name in led:
            named[f"{upper}_COLOUR"], named[f"{upper}_PORT"] = led[service.name].colour, str(led[service.name].port)
    return named


def compose(machine: Machine, project: str, file: Path, *words: str, env: Mapping[str, str]) -> bool:
    return machine.works(*machine.compose_of(project, file), *words, env={**env, **_memory(machine)})


def _memory(machine: Machine) -> dict[str, str]:
    """The limit of a machine that is itself a container, which containers in it don't see; others see all memory."""
    limit = machine.at("/sys/fs/cgroup/memory.max")
    said = limit.read_text(encoding="utf-8").strip() if limit.is_file() else ""
    return {"MACHINE_MEMORY_MB": str(int(said) // 1048576)} if said.isdecimal() else {}


def up(machine: Machine, project: str, file: Path, service: str, env: Mapping[str, str]) -> bool:
    return compose(
        machine, project, file, "up", "--detach", "--no-deps", "--no-build", "--pull", "never", service, env=env
    )


def check_services(work: Work, _step: CheckServices) -> None:
    """Each program reads its own configuration once, in a container without a network."""
    machine, env = work.machine, work.env
    files = [file for name in ("colours", "base", "edge", "jobs") if (file := work.folder / f"{name}.yaml").exists()]
    read = (*machine.compose, "--file")
    _all_valid(machine, {file.name: machine.start(*read, str(file), "config", "--quiet", env=env) for file in files})
    file = work.folder / "check.yaml"
    if not file.exists():
        return
    services = machine.ask(*read, str(file), "config", "--services", env=env).out.split()
    run = (*machine.compose_of("check", file), "run", "--rm", "--no-TTY", "--no-deps")
    own = {**env, **_memory(machine)}
    _all_valid(machine, {f"the configuration of {one}": machine.start(*run, one, env=own) for one in services})


def _all_valid(machine: Machine, checks: Mapping[str, Asked]) -> None:
    """
    Waits for checks that go side by side, all to their end: none goes on while the release is taken back.
    @raises Refused that names the first one that failed
    """
    for what, answer in {what: check.answer() for what, check in checks.items()}.items():
        machine.tell.note(answer.err)
        machine.tell.note(answer.out)
        if answer.code != 0:
            raise Refused(f"{what} is not valid: {machine.tell.last_line()}")


def start(work: Work, step: Start) -> None:
    machine, service, colour = work.machine, step.service, step.colour
    work.undo.append(lambda: stop_service(machine, service.name, colour, service))
    _make_place(machine, service, colour)
    if service.process:
        processes.start(work, service, colour)
    else:
        make_networks(machine, "base", *(f"{name}-{standing.colour}" for name, standing in work.led.items()))
        if not up(machine, colour, work.folder / "colours.yaml", service.name, work.env):
            raise Refused(f"the new {service.name} can't be started: {machine.tell.last_line()}")
    await_healthy(machine, service, colour, f"the new {service.name}")


def make_networks(machine: Machine, *names: str) -> None:
    names = tuple(f"{machine.system}-{name}" for name in names)
    there = ("docker", "network", "inspect", "--format", "{{.Id}}")
    if machine.works(*there, *names):
        return
    for name in names:
        if not machine.works(*there, name):
            machine.run("docker", "network", "create", "--label", f"berth.system={machine.system}", name)


def prune_networks(machine: Machine) -> None:
    machine.works("docker", "network", "prune", "--force", "--filter", f"label=berth.system={machine.system}")


def _make_place(machine: Machine, service: Service, colour: str) -> None:
    """Its log folder, and nothing left of an attempt before."""
    stop_service(machine, service.name, colour, service)
    taken = machine.ask("ss", "-Hltnp", f"sport = :{service.port(colour)}").out
    if taken.strip():
        raise Refused(
            f"port {service.port(colour)} of the new {service.name} is in use on this machine: {taken.strip()}"
        )
    for folder in service.log_folders:
        make_folder(machine, Folder(f"{folder.path}/{service.definition}", folder.mode, folder.owner))


class Asking:
    """Asks a service for its health, and what it is made of whether it has given up."""

    def __init__(self, machine: Machine, service: Service, colour: str) -> None:
        self._machine, self.service, self.colour = machine, service, colour
        path = service.health.path if service.health else "/"
        self.url = f"http://127.0.0.1:{service.port(colour)}{path}"
        self.expected = service.health.status if service.health else "2.."
        self.answer = self.said = ""
        self._falls = processes.Falls(machine, f"{machine.system}-{service.name}-{colour}")

    def is_healthy(self) -> bool:
        """A redirect leads elsewhere, perhaps to one that is not well: it is no 2xx, and not followed."""
        form = "\n%{http_code} %{errormsg}"
        out = self._machine.start("curl", "--silent", "--max-time", "3", "--write-out", form, self.url).answer().out
        self.answer, _, said = out.rpartition("\n")
        self.said = said.strip()
        return re.fullmatch(self.expected, self.said) is not None

    def has_given_up(self) -> bool:
        """It came up and fell again and again: waiting longer does not help."""
        if self.service.process:
            return self._falls.too_many()
        ids = container_ids(self._machine, self.service.name, self.colour)
        restarts = (
            self._machine.start("docker", "inspect", "--format", "{{.RestartCount}}", *ids).answer().out.split()
            if ids
            else []
        )
        return any(int(count) >= _MOST_FALLS for count in restarts)

    def explain(self) -> None:
        tell = self._machine.tell
        tell.say(f"{self.service.name}: {self.url} answers {self.said}; expected: {self.expected.replace('.', 'x')}")
        tell.say_lines(tell.scrub(self.answer[:500]))
        explain(self._machine, self.service.name, self.colour, self.service)


def await_healthy(machine: Machine, service: Service, colour: str, called: str) -> None:
    began, asking = time.monotonic(), Asking(machine, service, colour)
    looked = began
    while not asking.is_healthy():
        now = time.monotonic()
        given_up = False
        if now - looked > 1:
            given_up, looked = asking.has_given_up(), now
        if given_up or now - began > service.deadline_seconds:
            asking.explain()
            raise Refused(f"{called} is not healthy after {round(now - began)} s")
        time.sleep(_POLL_SECONDS)


def container_ids(machine: Machine, service: str, project: str) -> Sequence[str]:
    words = ("docker", "ps", "--all", "--quiet", *_labelled(machine, service, project))
    return machine.start(*words).answer().out.split()


def _labelled(machine: Machine, service: str, project: str) -> Sequence[str]:
    labels = (f"label=berth.service={service}", f"label=com.docker.compose.project={machine.system}-{project}")
    return [word for label in labels for word in ("--filter", label)]


def explain(machine: Machine, name: str, project: str, service: Service | None = None) -> None:
    """The state and the last lines of what does not work."""
    tell = machine.tell
    if service and service.process:
        return processes.explain(machine, name, project)
    form = (
        "its container: {{.State.Status}}, exit code {{.State.ExitCode}}, {{.RestartCount}} restarts"
        "{{if .State.OOMKilled}}, out of memory{{end}}"
    )
    for one in container_ids(machine, name, project):
        tell.say_lines(machine.start("docker", "inspect", "--format", form, one).answer().out)
        tell.say("its last lines:")
        tell.say_lines(tell.scrub(logs_of(machine, one, 50)))


def logs_of(machine: Machine, container: str, lines: int) -> str:
    """Both streams, in the order in which they came."""
    words = ["docker", "logs", "--tail", str(lines), container]
    return subprocess.run(
        words, env=machine.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ).stdout


def drain(work: Work, step: Drain) -> None:
    work.machine.tell.part(0, step.seconds, unit=" s")
    time.sleep(step.seconds)


def stop_step(work: Work, step: Stop) -> None:
    stop_service(work.machine, step.service, step.colour, work.release.service(step.service))


def stop_service(machine: Machine, name: str, colour: str, service: Service | None = None) -> None:
    if service and service.process:
        processes.remove(machine, f"{machine.system}-{name}-{colour}", service.process.stop_seconds)
    else:
        remove_containers(machine, _there(machine, name, colour))


def _there(machine: Machine, service: str, project: str) -> Sequence[str]:
    """What is to go is looked for once docker answers, which may be starting anew."""
    words = ("docker", "ps", "--all", "--quiet", *_labelled(machine, service, project))
    asked = machine.ask(*words)
    if asked.code == 0:
        return asked.out.split()
    await_engine(machine)
    return machine.run(*words).split()


def remove_containers(machine: Machine, ids: Sequence[str]) -> None:
    """What they have begun may end, in the time that their definitions give them."""
    for one in ids:
        machine.works("docker", "stop", one)
        machine.run("docker", "rm", "--force", one)


def remove(work: Work, step: Remove) -> None:
    remove_containers(work.machine, [one.id for one in step.containers])
    for program in step.programs:
        processes.remove(work.machine, program, 0)
