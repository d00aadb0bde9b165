"""Which TCP ports of an address answer at all: python3 - <address> <last port>

A port that a firewall drops stays silent; one that answers is open, or refused where nothing listens behind the rule.
"""

import errno
import json
import select
import socket
import sys
import time
from itertools import islice

# All at once would overflow the network's queues, and what they lose looks like what a firewall drops
BATCH = 50
BATCH_SECONDS = 0.005
PATIENCE_SECONDS = 1.5


def answers(address: str, last: int) -> dict[int, str]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    target = socket.getaddrinfo(address, 1, family, socket.SOCK_STREAM)[0][4]
    ports = iter(range(1, last + 1))
    poll = select.epoll()
    waiting: dict[int, tuple[int, socket.socket, float]] = {}
    found: dict[int, str] = {}
    while (batch := list(islice(ports, BATCH))) or waiting:
        now = time.monotonic()
        for port in batch:
            connection = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
            if (error := connection.connect_ex((target[0], port, *target[2:]))) not in (0, errno.EINPROGRESS):
                sys.exit(f"port {port} could not be tried: {meaning(error)}")
            waiting[connection.fileno()] = (port, connection, now + PATIENCE_SECONDS)
            poll.register(connection, select.EPOLLOUT)
        time.sleep(BATCH_SECONDS)
        for number, _ in poll.poll(0):
            port, connection, _ = waiting.pop(number)
            found[port] = meaning(connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
            connection.close()
        for number, (_, connection, end) in list(islice(waiting.items(), 2 * BATCH)):
            if end < now:
                waiting.pop(number)
                connection.close()
    return found


def meaning(error: int) -> str:
    return {0: "open", errno.ECONNREFUSED: "refused"}.get(error, errno.errorcode.get(error, str(error)))


print(json.dumps(answers(sys.argv[1], int(sys.argv[2]))))
