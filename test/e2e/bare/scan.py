"""Which TCP ports of an address answer at all: python3 - <address> <last port>

A port that a firewall drops stays silent; one that answers is open, or refused where nothing listens behind the rule.
"""

import errno
import json
import select
import socket
import sys
import time

AT_ONCE = 16_000
SECONDS = 1.5


def main(address: str, last: int) -> dict[int, str]:
    found: dict[int, str] = {}
    for first in range(1, last + 1, AT_ONCE):
        found |= answers(address, range(first, min(first + AT_ONCE, last + 1)))
    return found


def answers(address: str, ports: range) -> dict[int, str]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    target = socket.getaddrinfo(address, 1, family, socket.SOCK_STREAM)[0][4]
    poll, waiting, found = select.epoll(), {}, {}
    for port in ports:
        connection = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        connection.connect_ex((target[0], port, *target[2:]))
        waiting[connection.fileno()] = (port, connection)
        poll.register(connection, select.EPOLLOUT)
    end = time.monotonic() + SECONDS
    while waiting and time.monotonic() < end:
        for number, _ in poll.poll(0.1):
            port, connection = waiting.pop(number)
            found[port] = meaning(connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
            connection.close()
    for _, connection in waiting.values():
        connection.close()
    return found


def meaning(error: int) -> str:
    return {0: "open", errno.ECONNREFUSED: "refused"}.get(error, errno.errorcode.get(error, str(error)))


print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
