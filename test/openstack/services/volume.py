"""Cinder's volume service: the driver that only pretends lacks the enlargement of a volume"""

from __future__ import annotations

# First, since it patches what the next one loads
from cinder.cmd.volume import main as main
from cinder.tests.fake_driver import FakeLoggingVolumeDriver


def extend_volume(_driver, _volume, _size) -> None:
    pass


FakeLoggingVolumeDriver.extend_volume = extend_volume
