"""Where a system's things lie on a machine, and how programs of it are run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NamedTuple

from tell import Teller

# Where docker looks for its plugins
_PLUGINS = tuple(f"/usr/{folder}/docker/cli-plugins" for folder in ("local/lib", "local/libexec", "lib", "libexec"))


class ProgramFailed(Exception):
    """A program ended with another code than 0; its words are in the stage's log."""


class Answer(NamedTuple):
    code: int
    out: str
    err: str


@dataclass
class Machine:
    """@param root a folder in the place of `/`, for tests"""

    system: str
    tell: Teller
    root: Path = Path("/")
    env: dict[str, str] = field(default_factory=dict)

    def at(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    @property
    def state(self) -> Path:
        return self.at(f"/var/lib/berth/{self.system}")

    @property
    def releases(self) -> Path:
        return self.state / "releases"

    @property
    def current(self) -> Path:
        return self.state / "current"

    @property
    def data(self) -> Path:
        return self.state / "data"

    @property
    def backup(self) -> Path:
        return self.state / "backup"

    @property
    def logins(self) -> Path:
        """Of registries, in memory, for root alone: the start of a release puts them there, and takes them away."""
        return self.at("/run/berth-logins")

    @property
    def configuration(self) -> Path:
        return self.at(f"/etc/berth/{self.system}")

    @property
    def sources(self) -> Path:
        return self.at(f"/srv/berth/{self.system}")

    @property
    def programs(self) -> Path:
        return self.at("/etc/supervisor/conf.d")

    @property
    def compose(self) -> tuple[str, ...]:
        """Compose by its own program: `docker compose` starts that twice, the first time to ask what it is."""
        plugins = (self.at(f"{folder}/docker-compose") for folder in _PLUGINS)
        return next(((str(plugin),) for plugin in plugins if os.access(plugin, os.X_OK)), ("docker", "compose"))

    def compose_of(self, project: str, file: Path, *options: str) -> tuple[str, ...]:
        """The command for a file of one of the system's projects, but for what is to be done."""
        return (*self.compose, *options, "--project-name", f"{self.system}-{project}", "--file", str(file))

    def routes(self, name: str) -> Path:
        return self.state / "edge" / name

    def start(self, *words: str, env: Mapping[str, str] | None = None) -> Asked:
        """A program that is asked something while others are asked too."""
        return Asked(words, self.environment(env))

    def ask(
        self,
        *words: str,
        given: str | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Answer:
        """Runs a program to its end; what it says on standard error is noted."""
        answer = Asked(words, self.environment(env), given, cwd).answer()
        self.tell.note(answer.err)
        return answer

    def run(self, *words: str, **how: Any) -> str:
        """
        The same, with everything noted.
        @raises ProgramFailed when it ends with anything but 0
        """
        answer = self.ask(*words, **how)
        self.tell.note(answer.out)
        if answer.code != 0:
            self.tell.note(f"{words[0]} ended with code {answer.code}")
            raise ProgramFailed(f"{words[0]} ended with code {answer.code}")
        return answer.out

    def works(self, *words: str, **how: Any) -> bool:
        answer = self.ask(*words, **how)
        self.tell.note(answer.out)
        return answer.code == 0

    def environment(self, more: Mapping[str, str] | None = None) -> Mapping[str, str]:
        return {**os.environ, **self.env, **(more or {})}


class Asked:
    """A program under way."""

    def __init__(
        self, words: tuple[str, ...], env: Mapping[str, str], given: str | None = None, cwd: Path | None = None
    ) -> None:
        self._given = given
        self._process: subprocess.Popen[str] | None = None
        stdin: Any = subprocess.DEVNULL if given is None else subprocess.PIPE
        try:
            self._process = subprocess.Popen(
                words,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=env,
                cwd=cwd,
                text=True,
                errors="replace",
            )
        except OSError as error:
            self._missing = f"{words[0]}: {error.strerror}"

    def answer(self) -> Answer:
        if self._process is None:
            return Answer(127, "", self._missing)
        try:
            out, err = self._process.communicate(self._given)
        except BaseException:
            self._process.terminate()
            raise
        return Answer(self._process.returncode, out, err)


def sync_replace(path: Path, text: str, mode: int = 0o644) -> None:
    """A whole file or none, whatever is killed in between."""
    staged(path, text, "new", mode).replace(path)


def staged(path: Path, text: str, ending: str, mode: int = 0o644) -> Path:
    """Written whole beside it: to put it in its place takes no more room. On a full disk nothing of it is left."""
    beside = path.with_name(f".{path.name}.{ending}")
    try:
        with open(beside, "w", encoding="utf-8") as file:
            file.write(text)
            flush(file)
        beside.chmod(mode)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    return beside


def flush(file: IO[Any]) -> None:
    """What was written is on the disk, also where power is cut now."""
    file.flush()
    os.fsync(file.fileno())
