"""Brings this machine to a release: looks, plans once, and carries the plan out. What works goes on working meanwhile."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import builds
import certificates
import edge
import history
import host_files
import how
import images
import jobs
import packages
import release_figures
import replaced
import room
import services
import steps
import volume
import way_back
from act import Action, Work, carry_out, keep
from look import Look, look
from machine import Machine
from plan import choose, plan
from release import Release

ACTIONS: Mapping[type[steps.Step], Action] = {
    steps.Keep: keep,
    steps.Install: packages.install,
    steps.Hold: packages.hold,
    steps.Mount: volume.mount,
    steps.Grow: volume.grow,
    steps.MakeRoom: room.make_room,
    steps.CheckFiles: host_files.check_files,
    steps.HostFiles: host_files.host_files,
    steps.Pull: images.pull,
    steps.MakeBuild: builds.make_build,
    steps.ReleaseFiles: host_files.release_files,
    steps.CheckServices: services.check_services,
    steps.StartEdge: edge.start_edge,
    steps.LeaveEdge: edge.leave_edge,
    steps.EnsureNginx: edge.ensure_nginx,
    steps.RunJob: jobs.run_job,
    steps.Start: services.start,
    steps.Replace: replaced.replace,
    steps.Switch: edge.switch,
    steps.AwaitCertificates: lambda work, _step: certificates.await_certificates(
        work.machine, work.release, work.asked_at
    ),
    steps.Drain: services.drain,
    steps.Stop: services.stop_step,
    steps.Remove: services.remove,
    steps.StartUnits: host_files.start_units,
    steps.Finish: room.finish,
}


def converge(machine: Machine, release: Release, incoming: Path, by: str = "", way: str = how.RELEASE) -> int:
    """
    @param by whoever asked for it, where that is known
    @param way `rollback` where the release was live before and lies on the machine
    @returns 0 when the machine is at the release, 1 when it could not be brought there
    @raises Refused before anything is changed, where there is no way back
    """
    began = time.monotonic()
    code = 1
    try:
        code = _converge(machine, release, incoming, way)
    finally:
        seconds = time.monotonic() - began
        release_figures.note(machine, code == 0, seconds)
        how.note(machine, release.name, seconds, by, way)
    return code


def _converge(machine: Machine, release: Release, incoming: Path, way: str) -> int:
    # Before anything is looked at: what is planned is written over what was there before
    host_files.restore(machine)
    seen = look_awake(machine, release)
    # A release that was killed after its switch is noted by the next; what it had begun is what serves
    history.note_live(machine, seen.live.release, seen.live.version)
    if any(one.release == seen.live.release for one in seen.begun):
        history.forget_begun(machine)
    made = way_back.steps_back(seen, release) if way == how.ROLLBACK else plan(seen, release)
    if not made:
        return history.confirm(machine, release)
    led = {choice.service.name: choice.standing for choice in choose(seen, release)}
    work = Work(machine, release, seen, incoming, led, services.choices(release, led))
    try:
        outcome = carry_out(work, made, ACTIONS)
    finally:
        images.log_out(machine)
    if outcome == "done":
        machine.tell.report(f"release {release.name} is live{history.since(machine)}")
        return 0
    edge.say_what_serves(machine, release)
    if outcome == "late":
        machine.tell.say("leftovers of the former release are removed by the next `pulumi up`")
    return 1


def look_awake(machine: Machine, release: Release) -> Look:
    """An engine that stands still is started, and what it runs is seen."""
    seen = look(machine, release)
    if seen.engine != "stopped" or not release.images:
        return seen
    machine.tell.say("docker was not running: starting it")
    machine.works("systemctl", "start", "docker.service")
    host_files.await_engine(machine)
    return look(machine, release)
