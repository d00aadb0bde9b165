"""An OpenStack Swift with one disk: its proxy and its three servers of accounts, containers and objects."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from swift.common.ring import RingBuilder
from swift.common.utils import set_swift_dir
from swift.common.wsgi import run_wsgi

SERVERS = ("account", "container", "object")

Settings = Mapping[str, object]

# What every proxy has between its clients and itself, with its settings
FILTERS: Mapping[str, Settings] = {
    "catch_errors": {"use": "egg:swift#catch_errors"},
    "listing_formats": {"use": "egg:swift#listing_formats"},
}


def main(
    root: Path,
    port: int,
    *others: int,
    address: str = "127.0.0.1",
    filters: Mapping[str, Settings] = FILTERS,
) -> int:
    (root / "disk/d1").mkdir(parents=True)
    secret = "swift_hash_path_suffix = test\nswift_hash_path_prefix = test"
    (root / "swift.conf").write_text(f"[swift-hash]\n{secret}\n[storage-policy:0]\nname = one\ndefault = yes\n")
    set_swift_dir(str(root))
    for kind, own in zip(SERVERS, others):
        _ring(root, kind, own)
        _settings(root, f"{kind}-server", {"bind_ip": "127.0.0.1", "bind_port": own}, {"use": f"egg:swift#{kind}"})
    _settings(
        root,
        "proxy-server",
        {"bind_ip": address, "bind_port": port},
        {"use": "egg:swift#proxy", "account_autocreate": "true"},
        filters,
    )
    pids = [os.getpid()]
    for kind in SERVERS:
        if (pid := os.fork()) == 0:
            return int(run_wsgi(str(root / f"{kind}-server.conf"), f"{kind}-server"))
        pids.append(pid)
    # Each leads a session of its own and leaves the others at its end: whoever started them ends them one by one
    (root / "pids").write_text("\n".join(map(str, pids)))
    return int(run_wsgi(str(root / "proxy-server.conf"), "proxy-server"))


def _ring(root: Path, kind: str, port: int) -> None:
    ring = RingBuilder(part_power=4, replicas=1, min_part_hours=1)
    ring.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "device": "d1", "weight": 1})
    ring.rebalance()
    ring.get_ring().save(str(root / f"{kind}.ring.gz"))


def _settings(
    root: Path, name: str, listens: Settings, app: Settings, filters: Mapping[str, Settings] = MappingProxyType({})
) -> None:
    own = {**listens, "workers": 0, "user": getpass.getuser(), "swift_dir": root}
    disks = {"devices": root / "disk", "mount_check": "false", "fallocate_reserve": 0}
    # Lines for a syslog that nobody reads: by its address, as eventlet asks DNS for each name that /etc/hosts lacks
    log = {"log_address": "/nonexistent", "log_udp_host": "127.0.0.1"}
    sections = {
        "DEFAULT": {**own, **disks, **log},
        "pipeline:main": {"pipeline": " ".join((*filters, name))},
        **{f"filter:{one}": settings for one, settings in filters.items()},
        f"app:{name}": app,
    }
    lines = (f"[{title}]\n" + "".join(f"{k} = {v}\n" for k, v in each.items()) for title, each in sections.items())
    (root / f"{name}.conf").write_text("\n".join(lines))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *map(int, sys.argv[2:])))
