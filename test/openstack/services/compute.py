"""Nova's compute service: Debian packages its program with the hypervisor alone"""

from __future__ import annotations

from pathlib import Path

from nova.cmd.compute import main as main
from oslo_utils.fixture import uuidsentinel

# The fake hypervisor invents another identity at each start, and Nova then refuses to run
uuidsentinel.node_cloud = Path("/var/lib/nova/compute_id").read_text().strip()
