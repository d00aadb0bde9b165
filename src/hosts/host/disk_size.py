"""How much of a data disk its file system leaves unused: a disk that was made larger shows it at its end."""

from __future__ import annotations

import os
import struct

_SUPERBLOCK_AT = 1024
_MAGIC = 0xEF53
# A group of blocks that is not whole may stay out of the file system for good
_WORTH_MB = 256


def unused_mb(device: str) -> int:
    """@returns 0 where the file system fills its disk, and where neither can be read"""
    try:
        with open(device, "rb") as disk:
            size = disk.seek(0, os.SEEK_END)
            disk.seek(_SUPERBLOCK_AT)
            superblock = disk.read(1024)
    except OSError:
        return 0
    unused = (size - ext4_bytes(superblock)) // 1048576
    return unused if ext4_bytes(superblock) > 0 and unused >= _WORTH_MB else 0


def ext4_bytes(superblock: bytes) -> int:
    """The size of a file system by its superblock; 0 for what is none of ext4."""
    if len(superblock) < 0x154 or struct.unpack_from("<H", superblock, 0x38)[0] != _MAGIC:
        return 0
    low, exponent, high = (struct.unpack_from("<I", superblock, at)[0] for at in (0x4, 0x18, 0x150))
    return int(high << 32 | low) << (10 + int(exponent))
