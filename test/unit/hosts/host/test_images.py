"""A login at a registry lies in memory for a pull, and no longer, however that ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from act import Work
from images import pull, stored_name
from look import Look
from machine import Machine
from steps import Pull
from tell import Refused, Teller
from worlds import SYSTEM, programs_before, release

# Logs in with the right password alone, and has no image but app:1
DOCKER = """#!/bin/bash
echo "$DOCKER_CONFIG $*" >>"$ENGINE/calls"
case $1 in
  info) echo "$ENGINE" ;;
  login) [[ $(cat) == right ]] || { echo "401 Unauthorized" >&2; exit 1; } ;;
  manifest) exit 1 ;;
  pull) [[ $3 == registry.test/app:1 ]] || { echo "denied" >&2; exit 1; } ;;
esac
"""


@pytest.mark.parametrize(
    ("password", "image", "refused"),
    [
        ("right", "registry.test/app:1", None),
        ("right", "registry.test/app:2", "can't be pulled"),
        ("wrong", "registry.test/app:1", "the login of reader at registry registry.test failed"),
    ],
)
def test_a_login_is_gone_after_the_pull(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str, image: str, refused: str | None
) -> None:
    monkeypatch.setenv("PATH", programs_before(tmp_path, {"docker": DOCKER}))
    monkeypatch.setenv("ENGINE", str(tmp_path))
    machine = Machine(SYSTEM, Teller([password]), tmp_path)
    machine.state.mkdir(parents=True)
    machine.logins.mkdir(parents=True)
    (machine.logins / "logins.json").write_text(json.dumps({"registry.test": {"user": "reader", "password": password}}))
    work = Work(machine, release(), Look(), tmp_path, {}, {})
    step = Pull("it is missing", (image,))
    if refused:
        with pytest.raises(Refused, match=refused):
            pull(work, step)
    else:
        pull(work, step)
    used = (tmp_path / "calls").read_text()
    assert f"{machine.logins} login --username reader --password-stdin registry.test" in used
    assert not machine.logins.exists() and "DOCKER_CONFIG" not in machine.env


@pytest.mark.parametrize(
    ("image", "kept_as"),
    [
        ("ghcr.io/owner/name:1.0.0", "ghcr.io/owner/name:1.0.0"),
        ("ghcr.io/owner/name:1.0.0@sha256:1", "ghcr.io/owner/name@sha256:1"),
        ("registry.test:5000/name@sha256:1", "registry.test:5000/name@sha256:1"),
    ],
)
def test_two_tags_of_one_digest_are_one_image(image: str, kept_as: str) -> None:
    assert stored_name(image) == kept_as
