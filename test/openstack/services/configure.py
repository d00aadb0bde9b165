#!/usr/bin/python3
"""Writes the settings of OpenStack's services over Debian's: all on this machine, without hypervisors and agents"""

from __future__ import annotations

import configparser
from pathlib import Path

Settings = dict[str, dict[str, object]]

# Of a container that listens on this computer alone, and is gone after the tests
PASSWORD = "password"
REGION = "GRA7"
HOST = "cloud"
BUS = f"rabbit://openstack:{PASSWORD}@127.0.0.1:5672/"


def database(name: str) -> str:
    return f"mysql+pymysql://{name.split('_')[0]}:{PASSWORD}@127.0.0.1/{name}"


def login(user: str) -> dict[str, object]:
    """How a service logs in to Keystone"""
    return {
        "auth_url": "http://127.0.0.1:5000/v3",
        "www_authenticate_uri": "http://127.0.0.1:5000/v3",
        "auth_type": "password",
        "project_domain_name": "Default",
        "user_domain_name": "Default",
        "project_name": "service",
        "username": user,
        "password": PASSWORD,
        "region_name": REGION,
        "memcached_servers": "127.0.0.1:11211",
        # Cinder tells Nova, which asks for a user, from the user itself by this
        "service_token_roles": "service",
        "service_token_roles_required": "true",
    }


# The bus asks for signs of life every minute, which an API that has nothing to do does not give
PATIENT = {"heartbeat_timeout_threshold": 0}
# Seconds between two signs of life of a service, which it is not known to be up before
ALIVE = {"report_interval": 2}


def state(service: str) -> dict[str, object]:
    return {"lock_path": f"/var/lib/{service}/lock"}


SETTINGS: dict[str, Settings] = {
    "/etc/keystone/keystone.conf": {
        "database": {"connection": database("keystone")},
        "token": {"provider": "fernet", "expiration": 86400},
        # Nobody steals these passwords: the least work for each login
        "identity": {"password_hash_rounds": 4},
        # Without it, each check of a token reads all its roles anew: a hundred times the work
        "cache": {"enabled": "true", "backend": "dogpile.cache.memory"},
    },
    "/etc/glance/glance-api.conf": {
        "database": {"connection": database("glance")},
        "paste_deploy": {"flavor": "keystone"},
        "DEFAULT": {"enabled_backends": "file:file"},
        "glance_store": {"default_backend": "file"},
        "file": {"filesystem_store_datadir": "/var/lib/glance/images"},
        "keystone_authtoken": login("glance"),
        "oslo_concurrency": state("glance"),
    },
    "/etc/placement/placement.conf": {
        "placement_database": {"connection": database("placement")},
        "api": {"auth_strategy": "keystone"},
        "keystone_authtoken": login("placement"),
    },
    "/etc/nova/nova.conf": {
        "DEFAULT": {
            "transport_url": BUS,
            "my_ip": "127.0.0.1",
            "host": HOST,
            **ALIVE,
            "compute_driver": "fake.FakeDriver",
            "vif_plugging_is_fatal": "false",
            "vif_plugging_timeout": 0,
            "allow_resize_to_same_host": "true",
            "state_path": "/var/lib/nova",
        },
        "api_database": {"connection": database("nova_api")},
        "database": {"connection": database("nova")},
        "api": {"auth_strategy": "keystone"},
        "conductor": {"workers": 1},
        "scheduler": {"workers": 1},
        "glance": {"api_servers": "http://127.0.0.1:9292"},
        "keystone_authtoken": login("nova"),
        "service_user": {**login("nova"), "send_service_user_token": "true"},
        "placement": login("placement"),
        "neutron": login("neutron"),
        "cinder": {**login("cinder"), "os_region_name": REGION},
        "oslo_concurrency": state("nova"),
        "oslo_messaging_rabbit": PATIENT,
    },
    "/etc/neutron/neutron.conf": {
        "DEFAULT": {
            "transport_url": BUS,
            "core_plugin": "ml2",
            "service_plugins": "router",
            "notify_nova_on_port_status_changes": "false",
            "notify_nova_on_port_data_changes": "false",
            "dhcp_agent_notification": "false",
        },
        "database": {"connection": database("neutron")},
        "keystone_authtoken": login("neutron"),
        "nova": login("nova"),
        "oslo_concurrency": state("neutron"),
        "oslo_messaging_rabbit": PATIENT,
    },
    "/etc/neutron/plugins/ml2/ml2_conf.ini": {
        "ml2": {
            "type_drivers": "flat,vxlan",
            "tenant_network_types": "vxlan",
            "mechanism_drivers": "openvswitch",
            "extension_drivers": "port_security",
        },
        "ml2_type_flat": {"flat_networks": "outside"},
        "ml2_type_vxlan": {"vni_ranges": "1:1000"},
        "securitygroup": {"enable_security_group": "true"},
    },
    "/etc/cinder/cinder.conf": {
        "DEFAULT": {
            "transport_url": BUS,
            "auth_strategy": "keystone",
            "my_ip": "127.0.0.1",
            "host": HOST,
            **ALIVE,
            "enabled_backends": "fake",
            "default_volume_type": "__DEFAULT__",
        },
        "fake": {
            "volume_driver": "cinder.tests.fake_driver.FakeLoggingVolumeDriver",
            "volume_backend_name": "fake",
        },
        "database": {"connection": database("cinder")},
        "keystone_authtoken": login("cinder"),
        "nova": login("nova"),
        "oslo_concurrency": state("cinder"),
        "oslo_messaging_rabbit": PATIENT,
    },
}


def write(file: Path, settings: Settings) -> None:
    # Debian's files give some options several times
    parsed = configparser.RawConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment, method-assign]
    parsed.read(file)
    for section, options in settings.items():
        if section != "DEFAULT" and not parsed.has_section(section):
            parsed.add_section(section)
        for name, value in options.items():
            parsed.set(section, name, str(value))
    with file.open("w") as out:
        parsed.write(out)


if __name__ == "__main__":
    for file, settings in SETTINGS.items():
        write(Path(file), settings)
