"""Listens at ports, or tries addresses at once: `listen <port>...`, `try <name>=<address>=<port>...`."""

import socket
import sys
from concurrent.futures import ThreadPoolExecutor


def listen(ports):
    kept = [socket.create_server(("::", int(port)), family=socket.AF_INET6, dualstack_ipv6=True) for port in ports]
    print("listening", len(kept), flush=True)
    sys.stdin.read()


# Long enough for a packet that was lost to be sent again: a busy computer answers late
def tried(target):
    name, address, port = target.split("=")
    try:
        socket.create_connection((address, int(port)), timeout=2.5).close()
    except OSError:
        return None
    return name


if sys.argv[1] == "listen":
    listen(sys.argv[2:])
else:
    with ThreadPoolExecutor(32) as pool:
        print("\n".join(name for name in pool.map(tried, sys.argv[2:]) if name))
