"""Images: room for them before they are pulled, and logins at registries, which stay no longer than a pull."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import former
from act import Work
from machine import Machine, sync_replace
from steps import Pull
from tell import Refused

# While a layer is unpacked it lies there twice, and unpacked it takes about three times as much
_UNPACKED_TIMES = 4
# A pull is ended before the disk is full, which would stop databases
_LAST_FREE_MB = 200
_PULL_SECONDS = 900
_DENIED = re.compile(r"denied|unauthorized|no basic auth|authentication required", re.IGNORECASE)
_WRONG_PASSWORD = re.compile(r"401|unauthorized|denied|incorrect", re.IGNORECASE)
_TIDY = "Remove what is no longer needed (sudo docker image ls, sudo du -xh --max-depth 2 / | sort -h | tail), or give the machine a larger disk"


def pull(work: Work, step: Pull) -> None:
    machine = work.machine
    try:
        logins = _log_in(machine)
        place, proxy = _root(machine), _proxy(work)
        for done, image in enumerate(step.images):
            machine.tell.part(done, len(step.images), image)
            _pull(machine, image, place, logins, proxy)
    finally:
        log_out(machine)


def _root(machine: Machine) -> Path:
    """Where docker keeps images."""
    return Path(machine.run("docker", "info", "--format", "{{.DockerRootDir}}").strip())


def _proxy(work: Work) -> dict[str, str]:
    """For what asks registries by itself, not by way of the engine."""
    settings = work.folder / "builder.env"
    lines = settings.read_text(encoding="utf-8").splitlines() if settings.exists() else []
    return dict(line.split("=", 1) for line in lines if line.startswith(("HTTP_PROXY=", "HTTPS_PROXY=", "NO_PROXY=")))


def _log_in(machine: Machine) -> Sequence[str]:
    """@returns the registries"""
    path = machine.logins / "logins.json"
    if not path.exists():
        return ()
    machine.env["DOCKER_CONFIG"] = str(machine.logins)
    logins: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    for registry, login in logins.items():
        words = ("docker", "login", "--username", login["user"], "--password-stdin", registry)
        if not machine.works(*words, given=login["password"]):
            said = machine.tell.last_line(1)
            advice = (
                ". Set the password of the user in registries: again, or choose another user"
                if _WRONG_PASSWORD.search(said)
                else ""
            )
            raise Refused(f"the login of {login['user']} at registry {registry} failed: {said}{advice}")
    return tuple(logins)


def log_out(machine: Machine) -> None:
    shutil.rmtree(machine.logins, ignore_errors=True)
    machine.env.pop("DOCKER_CONFIG", None)


def _pull(machine: Machine, image: str, place: Path, logins: Sequence[str], proxy: dict[str, str]) -> None:
    download = _download_mb(machine, image, proxy) or 0
    if free_mb(place) < download * _UNPACKED_TIMES + _LAST_FREE_MB:
        raise Refused(
            f"image {image} is a download of {download} MB and takes up to {download * _UNPACKED_TIMES} MB while it is unpacked,"
            f" and {place} has {free_mb(place)} MB free: nothing was pulled. {_TIDY}"
        )
    note_pulled(machine, image)
    asked = subprocess.Popen(
        ["timeout", str(_PULL_SECONDS), "docker", "pull", "--quiet", image],
        env=machine.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        while asked.poll() is None:
            if free_mb(place) < _LAST_FREE_MB:
                asked.terminate()
                asked.wait()
                raise Refused(
                    f"image {image} is too large for this machine: its pull was stopped with {free_mb(place)} MB free in {place}, and"
                    " the partial download was removed. Give the machine a larger disk"
                )
            time.sleep(0.1)
    finally:
        if asked.poll() is None:
            asked.terminate()
    machine.tell.note(asked.stdout.read() if asked.stdout else "")
    if asked.returncode != 0:
        said = machine.tell.last_line(1)
        registry = registry_of(image)
        # A registry often says no more than that it denies
        unnamed = _DENIED.search(said) and registry not in logins
        advice = (
            ". There is no login for its registry: add one under registries: in the environment file" if unnamed else ""
        )
        raise Refused(f"image {image} can't be pulled: {said}{advice.replace('its registry', registry)}")


def _download_mb(machine: Machine, image: str, proxy: dict[str, str]) -> int | None:
    """What will come over the network, as the image's manifest says; nothing where its registry does not tell."""
    found = _manifest(machine, image, proxy)
    if found and "manifests" in found:
        # One for each kind of processor
        architecture = machine.ask("dpkg", "--print-architecture").out.strip()
        digests = [
            one["digest"] for one in found["manifests"] if one.get("platform", {}).get("architecture") == architecture
        ]
        found = _manifest(machine, f"{repository_of(image)}@{digests[0]}", proxy) if digests else None
    if not found or "layers" not in found:
        return None
    return int(sum(layer.get("size", 0) for layer in found["layers"]) / 1048576) + 1


def _manifest(machine: Machine, image: str, proxy: dict[str, str]) -> dict[str, Any] | None:
    plain = ("--insecure",) if _speaks_plain_http(machine, registry_of(image)) else ()
    # It looks the registry up before it asks by way of a proxy: where no DNS server answers, that
    # alone would take it 20 s for each server
    env = {**proxy, "RES_OPTIONS": "timeout:1 attempts:1"}
    answer = machine.ask("timeout", "30", "docker", "manifest", "inspect", *plain, image, env=env)
    try:
        return json.loads(answer.out) if answer.code == 0 else None
    except ValueError:
        return None


def _speaks_plain_http(machine: Machine, registry: str) -> bool:
    daemon = machine.at("/etc/docker/daemon.json")
    if registry.startswith(("localhost", "127.")):
        return True
    return daemon.exists() and f'"{registry}"' in daemon.read_text(encoding="utf-8")


def repository_of(image: str) -> str:
    image = image.split("@")[0]
    return image.rsplit(":", 1)[0] if ":" in image.rsplit("/", 1)[-1] else image


def stored_name(image: str) -> str:
    """As docker keeps it: one with a digest without its tag, so that two tags of one image are one."""
    return f"{repository_of(image)}@{image.split('@')[1]}" if "@" in image else image


def registry_of(image: str) -> str:
    """As model/registries.ts does."""
    first = image.split("/")[0]
    named = "/" in image and ("." in first or ":" in first or first == "localhost")
    return first if named else "docker.io"


def free_mb(place: Path) -> int:
    return shutil.disk_usage(place).free // 1048576


def pulled(machine: Machine, under_way: str = "") -> Sequence[str]:
    """
    What is not noted is not ours to remove. On a machine that had no such record, what its releases name, but for the one
    under way, whose images may have been there before.
    """
    path = machine.state / "pulled.json"
    if path.exists():
        return tuple(json.loads(path.read_text(encoding="utf-8")))
    if (machine.state / "pulled-images").exists():
        return tuple(former.pulled_images(machine.state))
    folders = machine.releases.iterdir() if machine.releases.is_dir() else ()
    named = (former.release_in(folder) for folder in folders if folder.name != under_way)
    return tuple(sorted({image for release in named if release for image in release.images}))


def write_pulled(machine: Machine, images: Sequence[str]) -> None:
    sync_replace(machine.state / "pulled.json", json.dumps(images, indent=1) + "\n", 0o600)


def note_pulled(machine: Machine, image: str) -> None:
    """Before it is pulled."""
    known = pulled(machine)
    if image not in known:
        write_pulled(machine, (*known, image))
