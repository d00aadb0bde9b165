"""A data disk that was made larger is seen, and its file system grown, once."""

from __future__ import annotations

import struct
from dataclasses import replace as changed
from pathlib import Path

import steps
from differences import differences
from disk_size import ext4_bytes, unused_mb
from plan import plan
from worlds import after, release, settled

MB = 1048576


def disk(folder: Path, of_disk_mb: int, of_files_mb: int, magic: int = 0xEF53) -> str:
    superblock = bytearray(1024)
    struct.pack_into("<I", superblock, 0x4, of_files_mb * MB // 4096)
    struct.pack_into("<I", superblock, 0x18, 2)
    struct.pack_into("<H", superblock, 0x38, magic)
    path = folder / "disk"
    with path.open("wb") as file:
        file.seek(1024)
        file.write(superblock)
        file.truncate(of_disk_mb * MB)
    return str(path)


def test_a_disk_that_was_made_larger_has_room_that_its_files_do_not_reach(tmp_path: Path) -> None:
    assert unused_mb(disk(tmp_path, 20_480, 10_240)) == 10_240


def test_a_disk_that_is_full_of_its_file_system_but_for_a_rest_has_none(tmp_path: Path) -> None:
    assert unused_mb(disk(tmp_path, 10_240, 10_240)) == 0
    assert unused_mb(disk(tmp_path, 10_240, 10_120)) == 0


def test_what_is_no_ext4_or_not_there_is_left_alone(tmp_path: Path) -> None:
    assert unused_mb(disk(tmp_path, 20_480, 10_240, magic=0)) == 0
    assert unused_mb(str(tmp_path / "none")) == 0


def test_a_file_system_beyond_16_tb_is_read_whole() -> None:
    superblock = bytearray(1024)
    struct.pack_into("<I", superblock, 0x18, 2)
    struct.pack_into("<H", superblock, 0x38, 0xEF53)
    struct.pack_into("<I", superblock, 0x150, 1)
    assert ext4_bytes(bytes(superblock)) == 2**32 * 4096


def test_it_is_grown_by_the_next_release_and_told_until_then() -> None:
    wanted = changed(release(), volume_devices=("/dev/vdb",))
    larger = changed(settled(wanted), volume_unused_mb=10_240)
    assert [one.what for one in differences(larger, wanted)] == ["its disk has 10240 MB more than its file system"]
    made = [step for step in plan(larger, wanted) if isinstance(step, steps.Grow)]
    assert made == [steps.Grow("the disk has 10240 MB more", "/dev/vdb")]
    assert plan(after(larger, wanted, made[0]), wanted) == ()


def test_a_disk_that_is_mounted_nowhere_is_not_touched() -> None:
    wanted = changed(release(), volume_devices=("/dev/vdb",))
    seen = changed(settled(wanted), volume_mounted=False, volume_unused_mb=10_240)
    assert not [step for step in plan(seen, wanted) if isinstance(step, steps.Grow)]
