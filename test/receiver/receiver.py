"""
Stands in for Discord, Slack, a webhook and a dead man's switch: notes each request as a line of JSON and takes it.

receiver.py PORT NOTES    as long as the file NOTES.refuse exists, requests are refused by 500
"""

from __future__ import annotations

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PORT, NOTES = int(sys.argv[1]), Path(sys.argv[2])


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        refuses = Path(f"{NOTES}.refuse").exists()
        note = {"at": time.time(), "path": self.path, "refused": refuses, "body": json.loads(body or "null")}
        with NOTES.open("a", encoding="utf-8") as notes:
            notes.write(json.dumps(note) + "\n")
        self.send_response(500 if refuses else 200)
        self.end_headers()
        # Slack's answer; nobody else reads it
        self.wfile.write(b"refused" if refuses else b"ok")

    def log_message(self, *_words: object) -> None:
        pass


NOTES.touch()
ThreadingHTTPServer(("", PORT), Receiver).serve_forever()
