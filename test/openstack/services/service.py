#!/usr/bin/python3
"""
Runs a service: service.py <program> <module> <port…>. Its modules take longest to load, which is done while what it needs
on the ports of this machine starts too.
"""

from __future__ import annotations

import importlib
import socket
import sys
import time

WAIT_SECONDS = 300


def wait_for(port: int) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


if __name__ == "__main__":
    program, module, *ports = sys.argv[1:]
    # By its name a program finds its settings
    sys.argv = [program]
    main = importlib.import_module(module).main
    for port in ports:
        wait_for(int(port))
    sys.exit(main())
