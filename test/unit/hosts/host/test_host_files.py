"""Host files: what of a change makes docker start anew at once."""

from __future__ import annotations

import json

import pytest
from host_files import only_proxy_goes

BEFORE = {"live-restore": True, "ip": "127.0.0.1"}


@pytest.mark.parametrize(
    ("old", "new", "waits"),
    [
        (BEFORE, {**BEFORE, "userland-proxy": False}, True),
        (BEFORE, {**BEFORE, "userland-proxy": False, "ip": "0.0.0.0"}, False),
        (BEFORE, {**BEFORE, "ip": "0.0.0.0"}, False),
        ({**BEFORE, "userland-proxy": False}, BEFORE, False),
        ({}, {"userland-proxy": False, "live-restore": True}, False),
    ],
)
def test_only_the_end_of_its_proxies_waits_for_the_next_start(
    old: dict[str, object], new: dict[str, object], waits: bool
) -> None:
    assert only_proxy_goes(json.dumps(old), json.dumps(new)) is waits


def test_settings_that_nobody_can_read_are_replaced_at_once() -> None:
    assert not only_proxy_goes("{", "{}")
