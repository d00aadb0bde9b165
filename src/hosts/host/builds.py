"""Builds of commits, for processes: fetched and built once, by a user without rights."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import runtimes
from act import Work
from look import is_built
from machine import Answer, Machine, sync_replace
from packages import with_authority
from release import Build
from steps import MakeBuild
from tell import Refused

_FETCH_SECONDS = 600
_BUILD_SECONDS = 1800
_HASH = re.compile(r"[0-9a-f]{40}")
stands = is_built


def make_build(work: Work, step: MakeBuild) -> None:
    """
    Complete when its commit is noted, in one rename. It is built where it will stay, since virtual environments know their
    place; what an attempt left behind goes first.
    """
    machine, build = work.machine, step.build
    ensure_user(machine, build.user)
    builds = machine.sources / "builds"
    builds.mkdir(mode=0o755, parents=True, exist_ok=True)
    folder, home = builds / build.name, builds / f"{build.name}.home"
    builder = _Builder(work, build, home)
    commit = builder.commit()
    for old in (folder, home):
        shutil.rmtree(old, ignore_errors=True)
        machine.run("install", "-d", "-m", "0755", "-o", build.user, "-g", build.user, str(old))
    for runtime in build.runtimes:
        runtimes.ensure(runtimes.Place(machine, builder.ask, build.user, home, work.folder), runtime)
    packed = home / ".commit.tar"
    builder.run("git", "--git-dir", str(builder.mirror), "archive", "--output", str(packed), commit)
    builder.run("tar", "-x", "-f", str(packed), "-C", str(folder))
    packed.unlink()
    script = (work.folder / "builds" / f"{build.name}.sh").read_text(encoding="utf-8")
    # Its commands, and what they say, in one order
    words = ("bash", "-euxo", "pipefail", "-c", f"exec 2>&1\n{script}")
    if builder.ask("timeout", str(_BUILD_SECONDS), *words, cwd=folder).code != 0:
        machine.tell.say(f"the build of {build.revision} ({commit}) failed, its last lines:")
        machine.tell.say_lines(machine.tell.last(40))
        for left in (folder, home):
            shutil.rmtree(left, ignore_errors=True)
        raise Refused(f"{build.revision} can't be built: try its build commands on a similar Debian machine")
    shutil.rmtree(home)
    # Nobody who runs it may change it
    machine.run("chown", "-R", "root:root", str(folder))
    machine.run("chmod", "-R", "u+rwX,go+rX,go-w", str(folder))
    sync_replace(builds / f"{build.name}.commit", f"{commit}\n")
    machine.tell.say(f"  {build.revision} is commit {commit}")


def ensure_user(machine: Machine, user: str) -> None:
    if machine.ask("getent", "passwd", user).code != 0:
        no_home = ("--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin")
        machine.run("useradd", "--system", "--user-group", *no_home, user)


class _Builder:
    """Runs programs as the build's user, who knows nothing of root's settings but the proxy's."""

    def __init__(self, work: Work, build: Build, home: Path) -> None:
        self._machine, self._build, self._home = work.machine, build, home
        self._env = _proxy_settings(work)
        self.mirror = mirror_of(self._machine, build.repository)

    def ask(self, *words: str, cwd: Path | None = None) -> Answer:
        home = self._home if self._home.exists() else "/nonexistent"
        env = (
            "PATH=/usr/local/bin:/usr/bin:/bin",
            f"HOME={home}",
            "LC_ALL=C.UTF-8",
            "GIT_TERMINAL_PROMPT=0",
            *self._env,
        )
        user = (
            "setpriv",
            "--reuid",
            self._build.user,
            "--regid",
            self._build.user,
            "--clear-groups",
            "--no-new-privs",
            "--",
        )
        answer = self._machine.ask("env", "-i", *env, *user, *words, cwd=cwd)
        self._machine.tell.note(answer.out)
        return answer

    def run(self, *words: str) -> None:
        if self.ask(*words).code != 0:
            raise Refused(f"{words[0]} failed: {self._machine.tell.last_line()}")

    def commit(self) -> str:
        """A tag is resolved once: what the mirror knows is not asked again, and a tag that was moved since is not followed."""
        revision, repository = self._build.revision, self._build.repository
        owner = ("-o", self._build.user, "-g", self._build.user)
        self._machine.run("install", "-d", "-m", "0755", *owner, str(self.mirror.parent))
        self.run("git", "init", "--quiet", "--bare", str(self.mirror))
        found = self._known()
        if found:
            return found
        whole = _HASH.fullmatch(revision)
        if not self._fetch("+refs/heads/*:refs/heads/*" if whole else f"refs/tags/{revision}:refs/tags/{revision}"):
            raise Refused(f"{repository} does not provide {revision}: {self._machine.tell.last_line()}")
        # Some servers give a commit that no branch has any more
        found = self._known() or (self._known() if self._fetch(revision) else "")
        if not found:
            raise Refused(f"{repository} has no commit {revision}: push it, or choose another")
        return found

    def _fetch(self, wanted: str) -> bool:
        git = ("git", "--git-dir", str(self.mirror), "fetch", "--quiet", "--no-tags", self._build.repository, wanted)
        return self.ask("timeout", str(_FETCH_SECONDS), *git).code == 0

    def _known(self) -> str:
        name = self._build.revision if _HASH.fullmatch(self._build.revision) else f"refs/tags/{self._build.revision}"
        answer = self.ask(
            "git", "--git-dir", str(self.mirror), "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"
        )
        return answer.out.strip() if answer.code == 0 else ""


def _proxy_settings(work: Work) -> Sequence[str]:
    """Of the proxy, and whom to trust behind it: those whom the machine knows, and its authority."""
    settings = work.folder / "builder.env"
    if not settings.exists():
        return ()
    if (work.folder / "authority.pem").exists():
        (work.machine.sources / "authorities.pem").write_text(with_authority(work), encoding="utf-8")
    return settings.read_text(encoding="utf-8").splitlines()


def mirror_of(machine: Machine, repository: str) -> Path:
    # Of the line, as the engine before this one did
    return machine.sources / "mirror" / hashlib.sha256(f"{repository}\n".encode()).hexdigest()[:12]


def prune(machine: Machine, kept: Sequence[Build]) -> None:
    """Beside a build lie its note of the commit and, while it is made, its home."""
    names = {build.name for build in kept}
    for path in (machine.sources / "builds").glob("*"):
        if re.sub(r"^\.|\.new$|\.commit|\.home$", "", path.name) not in names:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()
    runtimes.prune(machine, [runtime for build in kept for runtime in build.runtimes])
    mirrors = {mirror_of(machine, build.repository) for build in kept}
    for path in (machine.sources / "mirror").glob("*"):
        if path not in mirrors:
            shutil.rmtree(path, ignore_errors=True)
