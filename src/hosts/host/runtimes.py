"""
Versions of languages that build and run commits: Debian's where it is the one that is asked for, else one of a folder of its
own, fetched once by a user without rights and checked by its sum. A version that is asked for by its first numbers is
found once, and stays that one.
"""

from __future__ import annotations

import platform
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from machine import Answer, Machine, sync_replace
from release import Runtime
from tell import Refused

_FETCH_SECONDS = 900
_PROGRAMS = {"python": "python3", "node": "node"}
# Python tells its version without its libraries, too
_PROOFS = {"python": ("-c", "import platform, ssl, venv; print(platform.python_version())"), "node": ("--version",)}
_NODE_MACHINES = {"x86_64": "x64", "aarch64": "arm64"}


class Ask(Protocol):
    """Runs a program as the build's user."""

    def __call__(self, *words: str, cwd: Path | None = None) -> Answer: ...


class Place(NamedTuple):
    """`home` is the user's own, and goes after the build; `release` is the folder of the release."""

    machine: Machine
    ask: Ask
    user: str
    home: Path
    release: Path


def stands(machine: Machine, runtime: Runtime) -> bool:
    """As it was noted once it was complete; Debian's has no folder."""
    note = _note(machine, runtime)
    if not note.exists():
        return False
    return note.read_text(encoding="utf-8").endswith(_DEBIANS) or _folder(machine, runtime).is_dir()


def ensure(place: Place, runtime: Runtime) -> None:
    """@raises Refused with why it can't be had; of what was begun nothing is left then"""
    machine, folder = place.machine, _folder(place.machine, runtime)
    if stands(machine, runtime) and folder.is_dir():
        return
    folder.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    _note(machine, runtime).unlink(missing_ok=True)
    debians = version_in(place.ask(f"/usr/bin/{_PROGRAMS[runtime.language]}", "--version"))
    if is_of(debians, runtime.version):
        return _noted(machine, runtime, f"{debians}{_DEBIANS}")
    # It is made where it will stay: an interpreter knows its place
    machine.run("install", "-d", "-m", "0755", "-o", place.user, "-g", place.user, str(folder))
    try:
        (_node if runtime.language == "node" else _python)(place, runtime, folder)
        program = str(folder / "bin" / _PROGRAMS[runtime.language])
        found = version_in(place.ask(program, *_PROOFS[runtime.language]))
        if not is_of(found, runtime.version):
            raise Refused(f"what came for {said(runtime)} does not run as that version: it says {found or 'nothing'}")
    except Refused:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    machine.run("chown", "-R", "--no-dereference", "root:root", str(folder))
    machine.run("chmod", "-R", "u+rwX,go+rX,go-w", str(folder))
    _noted(machine, runtime, f"{found} of {runtime.origin or 'uv'}")


def prune(machine: Machine, kept: Sequence[Runtime]) -> None:
    names = {runtime.name for runtime in kept}
    for path in (machine.sources / "runtimes").glob("*"):
        if re.sub(r"^\.|\.new$|\.version$", "", path.name) not in names:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def is_of(found: str, wanted: str) -> bool:
    """Whether a full version is the one that is asked for, by all its numbers or by the first ones."""
    return found == wanted or found.startswith(f"{wanted}.")


def version_in(answer: Answer) -> str:
    """Of a program that tells its version; empty where there is none."""
    found = re.search(r"\d+(?:\.\d+)+", f"{answer.out} {answer.err}") if answer.code == 0 else None
    return found.group() if found else ""


def said(runtime: Runtime) -> str:
    return f"{runtime.language} {runtime.version}"


_DEBIANS = " of Debian\n"


def _noted(machine: Machine, runtime: Runtime, what: str) -> None:
    sync_replace(_note(machine, runtime), f"{what.strip()}\n")
    machine.tell.say(f"  {said(runtime)} is {what.strip()}")


def _folder(machine: Machine, runtime: Runtime) -> Path:
    return machine.sources / "runtimes" / runtime.name


def _note(machine: Machine, runtime: Runtime) -> Path:
    return machine.sources / "runtimes" / f"{runtime.name}.version"


def _node(place: Place, runtime: Runtime, folder: Path) -> None:
    version = runtime.version
    there = f"{runtime.origin}/{f'v{version}' if '.' in version else f'latest-v{version}.x'}"
    sums = _fetched(place, runtime, f"{there}/SHASUMS256.txt").read_text(encoding="utf-8", errors="replace")
    sha256, name = node_archive(sums, runtime, platform.machine())
    archive = _fetched(place, runtime, f"{there}/{name}")
    checked = place.ask("sha256sum", str(archive)).out.split()
    if checked[:1] != [sha256]:
        raise Refused(f"{there}/{name} is not what its SHASUMS256.txt says, {sha256}: nothing of it was unpacked")
    if place.ask("tar", "-xzf", str(archive), "--strip-components", "1", "-C", str(folder)).code != 0:
        raise Refused(f"{there}/{name} can't be unpacked: {place.machine.tell.last_line()}")


def node_archive(sums: str, runtime: Runtime, architecture: str) -> tuple[str, str]:
    """The sum and the name of the file for a machine, from a list of sums."""
    kind = _NODE_MACHINES.get(architecture, architecture)
    found = re.search(rf"^([0-9a-f]{{64}})  (node-v[\d.]+-linux-{re.escape(kind)}\.tar\.gz)$", sums, re.MULTILINE)
    if not found:
        raise Refused(f"{runtime.origin} has no {said(runtime)} for {architecture}: choose another version")
    return found.group(1), found.group(2)


def _fetched(place: Place, runtime: Runtime, url: str) -> Path:
    to = place.home / url.rsplit("/", 1)[-1]
    how = ("--silent", "--show-error", "--fail", "--location", "--retry", "2", "--max-time", str(_FETCH_SECONDS))
    answer = place.ask("curl", *how, "--write-out", "%{http_code}", "--output", str(to), url)
    if answer.code != 0:
        raise Refused(why_not_fetched(runtime, answer))
    return to


def why_not_fetched(runtime: Runtime, answer: Answer) -> str:
    if answer.out.strip() in ("404", "410"):
        return f"{runtime.origin} has no {said(runtime)}: choose another version"
    why = (answer.err.strip().splitlines() or ["no answer"])[-1]
    return f"{said(runtime)} can't be fetched from {runtime.origin}: {why}"


def _python(place: Place, runtime: Runtime, folder: Path) -> None:
    own, pinned = place.home / ".uv", place.home / "uv.txt"
    # Releases are root's alone
    pinned.write_text((place.release / "builds" / "uv.txt").read_text(encoding="utf-8"), encoding="utf-8")
    pinned.chmod(0o644)
    bounded = ("timeout", str(_FETCH_SECONDS))
    pip = ("--quiet", "--no-cache-dir", "--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:")
    had = place.ask("/usr/bin/python3", "-m", "venv", str(own))
    if had.code == 0:
        had = place.ask(*bounded, f"{own}/bin/pip", "install", *pip, "-r", str(pinned))
    if had.code != 0:
        why = (f"{had.out}\n{had.err}".strip().splitlines() or ["no answer"])[-1]
        raise Refused(f"uv, which fetches {said(runtime)}, can't be had by pip: {why}")
    of = ("--python-downloads-json-url", runtime.origin) if runtime.origin else ()
    how = ("--install-dir", str(folder), "--no-bin", "--no-cache", "--no-config", "--system-certs", "--no-progress")
    answer = place.ask(*bounded, f"{own}/bin/uv", "python", "install", *how, *of, runtime.version)
    if answer.code != 0:
        raise Refused(why_no_python(runtime, answer))
    made = sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink() and path.name[0] != ".")
    # An interpreter looks for its libraries beside the folder by which it was called
    for path in made[-1].iterdir():
        (folder / path.name).symlink_to(f"{made[-1].name}/{path.name}")


def why_no_python(runtime: Runtime, answer: Answer) -> str:
    """uv says first what it did not do, and last why."""
    where, lines = runtime.origin or "uv", (answer.err or answer.out).strip().splitlines()
    text = " ".join(lines)
    if "No download found" in text:
        return f"{where} knows no {said(runtime)} for this machine: choose another version"
    if re.search(r"(checksum|hash) mismatch", text, re.IGNORECASE):
        return f"what came for {said(runtime)} is not what {where} says, by its sum: nothing of it was kept"
    why = re.sub(r"^\s*(cause|error): ", "", lines[-1]) if lines else "no answer"
    return f"{said(runtime)} can't be fetched: {why}"
