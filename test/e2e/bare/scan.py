"""Which TCP ports of addresses answer at all: python3 - <first>-<last>[,<first>-<last>…] <address>…

A port that a firewall drops stays silent; one that answers is open, or refused where nothing listens behind the rule.
"""

import errno
import json
import select
import socket
import sys
import time
from functools import cache
from itertools import islice

# All at once would overflow the network's queues, and what they lose looks like what a firewall drops
BATCH = 50
BATCH_SECONDS = 0.005
PATIENCE_SECONDS = 1.5


def answers(addresses: list[str], ports: list[int]) -> dict[str, dict[int, str]]:
    tries = ((address, family(address), target(address), port) for address in addresses for port in ports)
    poll = select.epoll()
    waiting: dict[int, tuple[str, int, socket.socket, float]] = {}
    found: dict[str, dict[int, str]] = {address: {} for address in addresses}
    while (batch := list(islice(tries, BATCH))) or waiting:
        now = time.monotonic()
        for address, kind, (host, _, *more), port in batch:
            connection = socket.socket(kind, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
            if (error := connection.connect_ex((host, port, *more))) not in (0, errno.EINPROGRESS):
                sys.exit(f"port {port} could not be tried: {meaning(error)}")
            waiting[connection.fileno()] = (address, port, connection, now + PATIENCE_SECONDS)
            poll.register(connection, select.EPOLLOUT)
        time.sleep(BATCH_SECONDS)
        for number, _ in poll.poll(0):
            address, port, connection, _ = waiting.pop(number)
            found[address][port] = meaning(connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
            connection.close()
        for number, (*_, connection, end) in list(islice(waiting.items(), 2 * BATCH)):
            if end < now:
                waiting.pop(number)
                connection.close()
    return found


@cache
def family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


@cache
def target(address: str) -> tuple:
    return socket.getaddrinfo(address, 1, family(address), socket.SOCK_STREAM)[0][4]


def within(spans: str) -> list[int]:
    bounds = [[int(bound) for bound in span.split("-")] for span in spans.split(",")]
    return [port for first, last in bounds for port in range(first, last + 1)]


def meaning(error: int) -> str:
    return {0: "open", errno.ECONNREFUSED: "refused"}.get(error, errno.errorcode.get(error, str(error)))


print(json.dumps(answers(sys.argv[2:], within(sys.argv[1]))))
