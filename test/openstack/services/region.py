#!/usr/bin/python3
"""Puts into the services what a region of OVH's has: Ext-Net, sizes and an image"""

from __future__ import annotations

import functools

from catalog import connect, patiently

# name, MB of memory, GB of disk, processors; the last is larger than any host of this region
FLAVORS = [
    ("s1-2", 2048, 10, 1),
    ("b2-7", 7168, 50, 2),
    ("b2-15", 15360, 100, 4),
    ("b2-nowhere", 7168, 50_000_000, 2),
]

# Of a range for benchmarks: berth refuses those of documentation as placeholders
SUBNETS = [("198.18.0.0/24", 4), ("198.19.0.0/24", 4), ("2001:db8:f00d::/64", 6)]


def all_up(services, names: set[str]) -> None:
    up = {service.binary for service in services if service.state == "up"}
    if up != names:
        raise RuntimeError(f"up are only {up}")


def region(cloud) -> None:
    network = patiently(
        lambda: cloud.network.create_network(
            name="Ext-Net",
            is_router_external=True,
            is_shared=True,
            provider_network_type="flat",
            provider_physical_network="outside",
        )
    )
    for cidr, version in SUBNETS:
        cloud.network.create_subnet(network_id=network.id, cidr=cidr, ip_version=version, is_dhcp_enabled=False)
    for flavor in FLAVORS:
        name, ram, disk, vcpus = flavor
        make = functools.partial(cloud.compute.create_flavor, name=name, ram=ram, disk=disk, vcpus=vcpus)
        patiently(make)
    patiently(
        lambda: cloud.image.create_image(
            "Debian 13",
            data=b"\0" * 1_000_000,
            disk_format="raw",
            container_format="bare",
            visibility="public",
        )
    )
    patiently(lambda: all_up(cloud.compute.services(), {"nova-compute", "nova-conductor", "nova-scheduler"}))
    patiently(lambda: all_up(cloud.block_storage.services(), {"cinder-scheduler", "cinder-volume"}))


if __name__ == "__main__":
    region(connect())
