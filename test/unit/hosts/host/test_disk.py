"""File systems on disks that are files."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace as changed
from pathlib import Path

import pytest
from differences import differences
from disk import has_grown
from look import Look
from plan import plan
from steps import Grow
from worlds import release


def grow_steps(seen: Look) -> list[Grow]:
    wanted = changed(release(), volume_devices=("/dev/disk",))
    return [step for step in plan(seen, wanted) if isinstance(step, Grow)]


@pytest.mark.skipif(not (shutil.which("mkfs.ext4") and shutil.which("resize2fs")), reason="e2fsprogs is not installed")
def test_a_disk_that_is_bigger_than_its_file_system_has_grown_until_that_is_grown(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with open(disk, "wb") as file:
        file.truncate(64 << 20)
    assert not has_grown(str(disk))
    subprocess.run(["mkfs.ext4", "-q", "-F", disk], check=True)
    assert not has_grown(str(disk))
    with open(disk, "r+b") as file:
        file.truncate(128 << 20)
    assert has_grown(str(disk))
    subprocess.run(["resize2fs", "-f", disk], check=True, capture_output=True)
    assert not has_grown(str(disk))


def test_what_is_no_disk_has_not_grown(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no disk")
    assert not has_grown(str(tmp_path / "text")) and not has_grown(str(tmp_path / "none"))


def test_a_release_grows_what_has_grown_and_a_look_at_the_machine_tells_it() -> None:
    seen = Look(volume="/dev/disk", volume_mounted=True, volume_grown=True)
    assert [step.device for step in grow_steps(seen)] == ["/dev/disk"]
    assert not grow_steps(changed(seen, volume_grown=False))
    wanted = changed(release(), volume_devices=("/dev/disk",))
    assert ("volume", "is smaller than its disk, which has grown") in [
        (one.kind, one.what) for one in differences(seen, wanted)
    ]
