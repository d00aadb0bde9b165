"""
Runs a program on a terminal of its own, whose size is given, and passes on what it writes. Standard input steers it: a line
`size COLUMNS ROWS` resizes the terminal, `key HEX` presses keys. Exits with the program's code.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios


def resize(terminal: int, columns: int, rows: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def main() -> int:
    columns, rows, *command = sys.argv[1:]
    child, terminal = pty.fork()
    if child == 0:
        # The size is there before the program looks
        resize(0, int(columns), int(rows))
        os.execvp(command[0], command)
    steering = b""
    while True:
        ready, _, _ = select.select([terminal, 0], [], [])
        if terminal in ready:
            try:
                output = os.read(terminal, 65536)
            except OSError:
                break
            if not output:
                break
            os.write(1, output)
        if 0 in ready:
            given = os.read(0, 4096)
            if not given:
                os.kill(child, signal.SIGTERM)
                break
            *lines, steering = (steering + given).split(b"\n")
            for line in lines:
                word, *rest = line.decode().split()
                if word == "size":
                    resize(terminal, int(rest[0]), int(rest[1]))
                if word == "key":
                    os.write(terminal, bytes.fromhex(rest[0]))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


sys.exit(main())
