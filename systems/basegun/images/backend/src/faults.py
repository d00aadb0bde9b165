"""Ways to misbehave on purpose, so that deployments can be seen to survive them.

BERTH_FAULT is a list, separated by commas:
  crash       ends at start after a line on the log
  unhealthy   GET /version answers 500
  slow:250    every request takes 250 ms longer
  clear-logs  deletes every file of the log folder at start, as the production image does
"""

import os
import sys

_faults = dict(fault.strip().partition(":")[::2] for fault in os.environ.get("BERTH_FAULT", "").split(",") if fault)


def asked_for(fault: str) -> bool:
    return fault in _faults


def crash_if_asked() -> None:
    if asked_for("crash"):
        print("basegun-backend: cannot start: the model's weights are missing (BERTH_FAULT=crash)", flush=True)
        sys.exit(3)


def delay_seconds() -> float:
    return float(_faults.get("slow") or 0) / 1000


def clear_logs_if_asked(folder: str) -> None:
    if asked_for("clear-logs"):
        for name in os.listdir(folder):
            os.remove(os.path.join(folder, name))
