"""The engine's modules lie flat in one folder, as they do on a machine."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[4] / "src" / "hosts" / "host"))
