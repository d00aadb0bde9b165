#!/usr/bin/python3
"""Tells Keystone of the other services: their users, and where they answer"""

from __future__ import annotations

import time

import openstack
from configure import PASSWORD, REGION

SERVICES = {
    "glance": ("image", ":9292"),
    "placement": ("placement", ":8778"),
    "nova": ("compute", ":8774/v2.1"),
    "neutron": ("network", ":9696"),
    "cinder": ("block-storage", ":8776/v3/%(project_id)s"),
    "swift": ("object-store", ":8080/v1/AUTH_%(project_id)s"),
}

# As OVH has it: regions of machines share one of objects
STORAGE_REGION = "GRA"


def patiently(attempt):
    """Services start while this runs"""
    deadline = time.monotonic() + 240
    while True:
        try:
            return attempt()
        except Exception as error:
            if time.monotonic() > deadline:
                raise
            print("not yet:", str(error)[:200], flush=True)
            time.sleep(2)


def connect():
    return openstack.connect(
        auth_url="http://127.0.0.1:5000/v3",
        **{"username": "admin", "password": PASSWORD, "project_name": "admin"},
        **{"user_domain_name": "Default", "project_domain_name": "Default"},
        region_name=REGION,
    )


def catalog(identity) -> None:
    service_role = identity.find_role("service") or identity.create_role(name="service")
    admin = identity.find_role("admin")
    identity.create_region(id=STORAGE_REGION)
    project = identity.create_project(name="service", domain_id="default")
    for user, (kind, rest) in SERVICES.items():
        account = identity.create_user(name=user, password=PASSWORD, domain_id="default")
        for role in (admin, service_role):
            identity.assign_project_role_to_user(project, account, role)
        # Clients look for Cinder under two types; Debian's Nova looks for Neutron by its name
        for name, type_ in [(user, kind)] + ([("cinderv3", "volumev3")] if user == "cinder" else []):
            service = identity.create_service(name=name, type=type_)
            for interface in ("public", "internal", "admin"):
                identity.create_endpoint(
                    service_id=service.id,
                    interface=interface,
                    region_id=STORAGE_REGION if user == "swift" else REGION,
                    url=f"http://127.0.0.1{rest}",
                )


if __name__ == "__main__":
    cloud = connect()
    patiently(cloud.authorize)
    catalog(cloud.identity)
