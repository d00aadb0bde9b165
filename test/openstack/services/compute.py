"""Nova's compute service: Debian packages its program with the hypervisor alone"""

from __future__ import annotations

from pathlib import Path

from nova.cmd.compute import main as main
from nova.conductor.api import API as Conductor
from oslo_utils.fixture import uuidsentinel

# The fake hypervisor invents another identity at each start, and Nova then refuses to run
uuidsentinel.node_cloud = Path("/var/lib/nova/compute_id").read_text().strip()

# The conductor starts at the same time: seconds that one question waits, and how many are asked
Conductor.wait_until_ready.__defaults__ = (1, 100)
