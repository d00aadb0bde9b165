"""Swift, which asks Keystone who may do what"""

from __future__ import annotations

import sys
from pathlib import Path

from configure import login
from swift_server import FILTERS, main

KEYSTONE = {
    "cache": {"use": "egg:swift#memcache", "memcache_servers": "127.0.0.1:11211"},
    "authtoken": {
        "paste.filter_factory": "keystonemiddleware.auth_token:filter_factory",
        "delay_auth_decision": "true",
        **login("swift"),
    },
    "keystoneauth": {"use": "egg:swift#keystoneauth", "operator_roles": "member"},
    "copy": {"use": "egg:swift#copy"},
    "versioned_writes": {"use": "egg:swift#versioned_writes", "allow_object_versioning": "true"},
    "symlink": {"use": "egg:swift#symlink"},
}

if __name__ == "__main__":
    sys.exit(main(Path("/srv/swift/root"), 8080, 6201, 6202, 6200, address="0.0.0.0", filters={**FILTERS, **KEYSTONE}))
