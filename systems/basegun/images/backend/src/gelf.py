"""The application's log: one GELF object a line in log.json, a new file at midnight, the last seven kept."""

import json
import logging
import os
import socket
from logging.handlers import TimedRotatingFileHandler

_SYSLOG_LEVELS = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}


class GelfFormatter(logging.Formatter):
    """GELF 1.1: fields of our own (bg_…) get the underscore that the format asks for."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "version": "1.1",
            "host": socket.gethostname(),
            "short_message": record.getMessage(),
            "timestamp": record.created,
            "level": _SYSLOG_LEVELS.get(record.levelno, 6),
        }
        line.update({f"_{name}": value for name, value in vars(record).items() if name.startswith("bg_")})
        return json.dumps(line, ensure_ascii=False)


def open_log(folder: str) -> logging.Logger:
    os.makedirs(folder, exist_ok=True)
    handler = TimedRotatingFileHandler(
        os.path.join(folder, "log.json"), when="midnight", interval=1, backupCount=7, encoding="utf-8"
    )
    handler.setFormatter(GelfFormatter())
    logger = logging.getLogger("Basegun")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    return logger


def read_log(folder: str) -> list[dict]:
    """The lines of today's file, newest first."""
    with open(os.path.join(folder, "log.json"), encoding="utf-8") as file:
        return [json.loads(line) for line in reversed(file.readlines())]
