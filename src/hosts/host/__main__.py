"""
The engine that brings a machine to a release and keeps it there, run from the release's own folder:

start FOLDER       waits its turn, then converges as a unit of its own
converge FOLDER [WHO]  brings the machine to the release that was unpacked there
back FOLDER [WHO]  brings back the former release that lies there
here FOLDER …      what `sudo berth` asks on the machine: see here.py
plan FOLDER        prints the steps that would be done, with their reasons, and changes nothing
check FOLDER       prints what the machine has otherwise than its release
update FOLDER      brings newer packages of the container engine
certificates FOLDER  asks again for certificates that the edge lacks
figures FOLDER     writes down what each container uses and what nginx answered, for the node exporter
job FOLDER NAME [PARAMETER=VALUE…]  runs a job of the release, to its end
run FOLDER SERVICE COMMAND…  runs a command in a container beside a live service
logs FOLDER [since=SECONDS|lines=N] [follow] SERVICE…  prints what services said, without secrets
bridges FOLDER     looks which bridges are networks of docker's, for the firewall
retire FOLDER      takes everything of the system off the machine, but its data
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from machine import Machine
from release import FormatError, Release, read_release
from tell import Teller


def main(words: list[str]) -> int:
    os.umask(0o022)
    command, folder = words[0], Path(words[1]).resolve()
    try:
        release = read_release(folder)
    except (OSError, FormatError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    machine = Machine(release.system, Teller(_secrets(folder)))
    for path, mode in ((machine.state, 0o700), (machine.releases, 0o700), (machine.state / "edge", 0o755)):
        if command in ("start", "converge"):
            path.mkdir(mode=mode, parents=True, exist_ok=True)
    return _run(command, machine, release, folder, words[2:])


def _run(command: str, machine: Machine, release: Release, folder: Path, more: list[str]) -> int:
    if command == "start":
        from start import start

        return start(machine, release, folder)
    if command == "converge":
        from converge import converge

        return converge(machine, release, folder, *more[:1])
    if command == "back":
        from back import back

        return back(machine, release, folder, *(more or [""])[:1])
    if command == "here":
        import here

        return here.main(machine, release, folder, more)
    if command == "plan":
        from check import tell_plan

        return tell_plan(machine, release, folder)
    if command == "check":
        from check import check

        return check(machine, release)
    if command == "update":
        import update

        return update.start(machine, folder)
    if command == "update-now":
        import update

        return update.update(machine, release)
    if command == "certificates":
        import certificates

        return certificates.ask_again(machine, release)
    if command == "figures":
        import container_figures
        import edge_figures

        edge_figures.write(machine)
        return container_figures.write(machine)
    if command == "job" and more:
        from asked_jobs import run_asked

        return run_asked(machine, release, folder, more[0], more[1:])
    if command == "run" and len(more) > 1:
        import one_off

        return one_off.run(machine, release, folder, more[0], more[1:])
    if command == "logs":
        import logs

        return logs.show(machine, release, more)
    if command == "bridges":
        import bridges

        bridges.look_at(machine)
        return 0
    if command == "retire":
        from retire import retire

        return retire(machine, release)
    print(__doc__, file=sys.stderr)
    return 2


def _secrets(folder: Path) -> list[str] | None:
    try:
        return json.loads((folder / "secrets.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]
    except (OSError, ValueError):
        return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
