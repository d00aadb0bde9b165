"""What an ext4 file system says of itself on its disk."""

from __future__ import annotations

import os
import struct

_AT, _LENGTH = 1024, 1024
_MAGIC = 0xEF53
_WIDE = 0x80
# A file system ends a little before its disk does
_SLACK = 0.01


def has_grown(device: str) -> bool:
    """Whether the disk is bigger than the file system on it; not where there is none."""
    try:
        with open(device, "rb") as disk:
            size = disk.seek(0, os.SEEK_END)
            disk.seek(_AT)
            return size * (1 - _SLACK) > (file_system_bytes(disk.read(_LENGTH)) or size)
    except OSError:
        return False


def file_system_bytes(superblock: bytes) -> int:
    """@returns 0 where it is not one of ext4"""
    if len(superblock) < _LENGTH or struct.unpack_from("<H", superblock, 0x38)[0] != _MAGIC:
        return 0
    blocks, block_size = (
        struct.unpack_from("<I", superblock, 0x4)[0],
        1024 << struct.unpack_from("<I", superblock, 0x18)[0],
    )
    if struct.unpack_from("<I", superblock, 0x60)[0] & _WIDE:
        blocks += struct.unpack_from("<I", superblock, 0x150)[0] << 32
    return int(blocks * block_size)
