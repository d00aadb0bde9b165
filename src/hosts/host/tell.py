"""What a person reads: lines as a release goes on, the last lines of a step that failed, never a secret."""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

_JOURNAL = "/run/systemd/journal/socket"
_DOING = Path("/run/berth-doing")
# Stands where a secret was while others are looked for, so that none is found in the words that replace it
_HIDDEN = "\ue000"
# Characters of a part's name
_WHAT = 60


class Refused(Exception):
    """What went wrong and what to do, for a person; nothing more needs to be said of it."""


class Teller:
    """Standard error tells what happens, standard output only the end. Neither stops the work when nobody listens."""

    def __init__(self, secrets: Sequence[str] | None) -> None:
        """@param secrets lines that are never shown; None when their list can't be read, and then no output is"""
        self._secrets = (
            None if secrets is None else sorted({line for line in secrets if len(line) > 3}, key=len, reverse=True)
        )
        self._log: deque[str] = deque(maxlen=1000)
        self._began = time.monotonic()
        self.stage = "start"

    def say(self, text: str) -> None:
        _print(text, sys.stderr)
        self.journal(text)

    def journal(self, text: str) -> None:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journal:
                for line in text.splitlines():
                    journal.sendto(b"SYSLOG_IDENTIFIER=berth\nPRIORITY=6\nMESSAGE=" + line.encode() + b"\n", _JOURNAL)
        except OSError:
            pass

    def say_lines(self, text: str) -> None:
        for line in text.splitlines():
            self.say(f"  {line}")

    def report(self, text: str) -> None:
        _print(text, sys.stdout)

    def note(self, text: str) -> None:
        """What a program said, for the log of the stage."""
        self._log.extend(text.splitlines())

    def begin(self, stage: str) -> None:
        self.stage = stage
        self._began = time.monotonic()
        self._log.clear()
        # The connection that waits for this release says it
        _DOING.write_text(f"{stage}\n", encoding="utf-8")

    def steps(self, stages: Sequence[str]) -> None:
        """What follows, so that whoever watches knows what runs once a stage has ended."""
        self.say(f"steps: {', '.join(stages)}")

    def part(self, done: int, of: int, what: str = "", unit: str = "") -> None:
        """How far a stage is whose length is known."""
        self.say(f"{self.stage}: {done} of {of}{unit}{f', {what[:_WHAT]}' if what else ''}")

    def ended(self) -> None:
        self.say(f"{self.stage:<24} {time.monotonic() - self._began:.1f} s")

    def last(self, count: int) -> str:
        """The last lines of the stage's log, without secrets."""
        return self.scrub("\n".join(list(self._log)[-count:]))

    def last_line(self, count: int = 3) -> str:
        return " ".join(self.last(count).split("\n")).strip()

    def explain_failure(self) -> None:
        self.say(f'error: step "{self.stage}" failed, its last lines:')
        self.say_lines(self.last(15))

    def scrub(self, text: str) -> str:
        """Longest first, so that a secret which holds another goes whole."""
        if self._secrets is None:
            return "(output withheld: the release's list of secrets can't be read)"
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return text.replace(_HIDDEN, "[secret]")


def _print(text: str, to: object) -> None:
    with contextlib.suppress(OSError):
        print(text, file=to, flush=True)  # type: ignore[call-overload]
