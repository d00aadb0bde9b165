"""
The way back to a release that was live before: which one, its steps, and what stands against it. Pure. Nothing is
pulled, built or installed for it. Its jobs ran and its services' configuration was checked when it came.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence

from history import Record, went_live
from job_records import JobRecord
from look import Look
from plan import plan
from release import Job, Release
from steps import CheckServices, Install, MakeBuild, Plan, Pull, RunJob
from tell import Refused


def chosen(records: Sequence[Record], kept: Collection[str], live: str, to: str, left: Collection[str] = ()) -> Record:
    """
    @param kept releases that the machine has
    @param to a version or a release; empty for the last one that was live before and that nobody went back from
    @param left releases from which somebody went back
    @raises Refused where there is none, with those there are
    """
    found = [one for one in went_live(records, len(records)) if one.release != live and one.release in kept]
    there = ", ".join(f"{one.version} (release {one.release}, live from {one.at})" for one in found)
    those = f"this machine has {there}" if there else "this machine has no other release"
    if to in {live, *(one.version for one in records if one.release == live)} and to:
        raise Refused(f"{to} is live already; {those}")
    wanted = [one for one in found if to in (one.version, one.release) or (to == "" and one.release not in left)]
    if not wanted:
        raise Refused(f"there is no way back to {to or 'a former release'}: {those}")
    return wanted[0]


def steps_back(seen: Look, release: Release) -> Plan:
    """@raises Refused where something of it is no longer on the machine"""
    made = tuple(step for step in plan(seen, release) if not isinstance(step, (RunJob, CheckServices)))
    missing = [text for step in made for text in _missing(step)]
    if missing:
        there = [name for name in (*release.images, *(build.name for build in release.builds)) if name not in missing]
        raise Refused(
            f"{release.version} can't be brought back without a registry: {', '.join(missing)} is no longer on this machine, which has"
            f" {', '.join(there) or 'nothing of it'}. Deploy that version instead"
        )
    return made


def _missing(step: object) -> Sequence[str]:
    if isinstance(step, Pull):
        return step.images
    if isinstance(step, Install):
        return step.packages
    return (step.build.name,) if isinstance(step, MakeBuild) else ()


def moved(live: Release, target: Release, known: Mapping[str, JobRecord]) -> str:
    """
    Why data may have another form than the former release knows: a job of a release has run since, to its end or not.
    @param known what is noted of jobs, by name
    """
    return "; ".join(_moved(live, target, known))


def _moved(live: Release, target: Release, known: Mapping[str, JobRecord]) -> Iterator[str]:
    jobs: dict[str, Job] = {job.name: job for job in (*target.jobs, *live.jobs) if job.when == "release"}
    for name in jobs:
        record, own = known.get(name), target.job(name)
        if record is None or (own and own.definition == record.definition):
            continue
        at = time.strftime("%F %T", time.gmtime(record.began))
        how = record.result or "succeeded"
        yield f"job {name} of {record.version} has run at {at} UTC and {how}"


def why_moved(system: str, version: str, moves: str) -> str:
    return (
        f"the data may have a form that {version} does not know: {moves}. Nothing was done. Where {version} works with the data as"
        f" they are, add --really {system}"
    )
