"""Debian's packages: their locks, which others on the machine take too, and which a release needs."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path

from act import Work
from look import ENGINE_PACKAGES
from machine import Machine, ProgramFailed
from steps import Hold, Install
from tell import Refused

_LOCK_SECONDS = 600
_LOCKS = (
    "/var/lib/dpkg/lock-frontend",
    "/var/lib/dpkg/lock",
    "/var/lib/apt/lists/lock",
    "/var/cache/apt/archives/lock",
)
_RETRIES = ("-o", "Acquire::Retries=5")


def install(work: Work, step: Install) -> None:
    machine = work.machine
    machine.tell.say(f"installing {' '.join(step.packages)}")
    _by_proxy(work)
    with_locks(machine, "dpkg", "--configure", "-a")
    update_lists(machine)
    install_packages(machine, step.packages)


def hold(work: Work, step: Hold) -> None:
    """The container engine's may have come just now."""
    hold_engine(work.machine)


def update_lists(machine: Machine) -> None:
    with_locks(machine, "apt-get", *_RETRIES, "update", "-q")


def install_packages(machine: Machine, packages: Sequence[str]) -> None:
    keep = ("-o", "Dpkg::Options::=--force-confold")
    with_locks(
        machine, "apt-get", *_RETRIES, "install", "-q", "-y", "--no-remove", "--no-install-recommends", *keep, *packages
    )


def engine_packages(machine: Machine) -> Sequence[Sequence[str]]:
    """Debian's docker with what runs under it, as far as the machine has them: name, version, and whether it is held."""
    form = "${Package} ${db:Status-Status} ${Version} ${db:Status-Want}\n"
    rows = [
        line.split()
        for line in machine.ask("dpkg-query", "--show", "--showformat", form, *ENGINE_PACKAGES).out.splitlines()
    ]
    # Also half way after an upgrade that was cut off or failed
    found = [(row[0], *row[2:]) for row in rows if row[1] not in ("not-installed", "config-files")]
    return found if "docker.io" in [row[0] for row in found] else []


def hold_engine(machine: Machine) -> None:
    loose = [name for name, _, want in engine_packages(machine) if want != "hold"]
    if loose:
        with_locks(machine, "apt-mark", "hold", *loose)


def release_engine(machine: Machine) -> None:
    names = [name for name, *_ in engine_packages(machine)]
    if names:
        with_locks(machine, "apt-mark", "unhold", *names)


def with_locks(machine: Machine, *words: str) -> None:
    """
    Waits for whoever holds one of the packages' locks, and says for whom: apt itself waits for one of them alone, and dpkg
    for none. A lock that somebody takes in between is waited for again.
    """
    end, said = time.monotonic() + _LOCK_SECONDS, ""
    while True:
        holder = _holder()
        if not holder:
            if machine.works(*words, env={"DEBIAN_FRONTEND": "noninteractive"}):
                return
            holder = _holder()
            if not holder:
                raise ProgramFailed(f"{words[0]} failed")
        if time.monotonic() > end:
            raise Refused(
                f"the packages have been locked for {_LOCK_SECONDS} s by {holder}: wait for it to end, or stop it, then deploy again"
            )
        if holder != said:
            machine.tell.say(f"  waiting for {holder}, which changes packages")
        said = holder
        time.sleep(1)


def _holder() -> str:
    """By its command, and its number; empty where nobody has one of the locks."""
    held = re.findall(r"POSIX +\S+ +WRITE +(\d+) +\S+:(\d+) ", Path("/proc/locks").read_text(encoding="utf-8"))
    for path in _LOCKS:
        try:
            inode = str(Path(path).stat().st_ino)
        except OSError:
            continue
        for process, number in held:
            # Another file system may have a file of that number
            if number == inode and _has_open(process, path):
                words = Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                return f"{words[:80].strip()} (process {process})"
    return ""


def _has_open(process: str, path: str) -> bool:
    try:
        return any(str(one.readlink()) == path for one in Path(f"/proc/{process}/fd").iterdir())
    except OSError:
        return False


def _by_proxy(work: Work) -> None:
    """The machine's own files, which say the same, come later."""
    settings = work.folder / "files/etc/apt/apt.conf.d/80berth-proxy"
    if not settings.exists():
        return
    run = work.machine.at("/run")
    text = settings.read_text(encoding="utf-8")
    if (work.folder / "authority.pem").exists():
        (run / "berth-apt.pem").write_text(with_authority(work), encoding="utf-8")
        text += 'Acquire::https::CAInfo "/run/berth-apt.pem";\n'
    (run / "berth-apt.conf").write_text(text, encoding="utf-8")
    work.machine.env["APT_CONFIG"] = "/run/berth-apt.conf"


def with_authority(work: Work) -> str:
    """Whom the machine trusts, and the authority of its proxy; a machine without ca-certificates trusts nobody yet."""
    known = work.machine.at("/etc/ssl/certs/ca-certificates.crt")
    own = known.read_text(encoding="utf-8") if known.exists() else ""
    return own + (work.folder / "authority.pem").read_text(encoding="utf-8")
