"""
What is outside, by way of a proxy alone, which opens what passes: whatever name a machine connects to, it meets the proxy's
own certificate.

Reads certificate.pem and key.pem of its folder, and outside.json where there is one: `listen`, the address of the proxy;
`files`, a folder that is served too; `elsewhere`, by the host that is asked the server that answers in place of this one.
Notes in `asked` each connection as it is asked for, and in `passed` each request that came through one: host, path, program.
"""
from __future__ import annotations

import http.client
import json
import shutil
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from goods import digest, goods

settings = json.loads(Path("outside.json").read_text()) if Path("outside.json").exists() else {}
elsewhere: dict[str, str] = settings.get("elsewhere", {})
served = goods()
noting = threading.Lock()


def note(file: str, line: str) -> None:
    with noting, open(file, "a") as notes:
        notes.write(line + "\n")


class Forwarding(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def forward(self, server: str, path: str) -> None:
        """Gives the answer of another server, of whom it asks the same"""
        there = urlsplit(server)
        unproven = ssl._create_unverified_context()
        secure = there.scheme == "https"
        asked = (
            http.client.HTTPSConnection(there.netloc, timeout=60, context=unproven)
            if secure
            else http.client.HTTPConnection(there.netloc, timeout=60)
        )
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name: text for name, text in self.headers.items() if name.lower() not in ("connection", "proxy-connection")}
        asked.request(self.command, path, body, headers)
        answer = asked.getresponse()
        whole = None if answer.length is not None or self.command == "HEAD" else answer.read()
        self.send_response(answer.status)
        for name, text in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "date", "server"):
                self.send_header(name, text)
        if whole is not None and answer.status not in (204, 304):
            self.send_header("content-length", str(len(whole)))
        self.end_headers()
        self.wfile.write(whole) if whole is not None else shutil.copyfileobj(answer, self.wfile)
        asked.close()

    def log_message(self, *_: object) -> None:
        pass


class Outside(Forwarding):
    """Every server, each by its name"""

    def do_GET(self) -> None:
        host = self.headers.get("host", "")
        note("passed", f"{host} {self.path} {self.headers.get('user-agent', '-')}")
        if host in elsewhere:
            return self.forward(elsewhere[host], self.path)
        kind, data = self.found() or ("", None)
        self.send_response(404 if data is None else 200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data or b"")))
        if data is not None and self.path.startswith("/v2/app/manifests/"):
            self.send_header("docker-content-digest", digest(data))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data or b"")

    do_HEAD = do_POST = do_GET

    def found(self) -> tuple[str, bytes] | None:
        path = urlsplit(self.path).path
        file = Path(settings.get("files", "/nowhere") + path)
        if path in served or ".." in path or not file.is_file():
            return served.get(path)
        return "text/html" if path.endswith(".html") else "application/octet-stream", file.read_bytes()


class Through(Forwarding):
    """The proxy: opens connections, and asks in clear what it is asked in clear"""

    def do_CONNECT(self) -> None:
        note("asked", self.path)
        self.close_connection = True
        with socket.create_connection(("127.0.0.1", 8443)) as there:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=copy, args=(there, self.connection))
            back.start()
            copy(self.connection, there)
            back.join()

    def do_GET(self) -> None:
        there = urlsplit(self.path)
        note("passed", f"{there.netloc} {there.path} {self.headers.get('user-agent', '-')}")
        self.forward(f"{there.scheme}://{there.netloc}", there._replace(scheme="", netloc="").geturl())


def copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Patient(ThreadingHTTPServer):
    request_queue_size = 100
    daemon_threads = True


outside = Patient(("127.0.0.1", 8443), Outside)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("certificate.pem", "key.pem")
# Each shakes hands in its own thread
outside.socket = context.wrap_socket(outside.socket, server_side=True, do_handshake_on_connect=False)
threading.Thread(target=outside.serve_forever, daemon=True).start()
proxy = Patient((settings.get("listen", "127.0.0.1"), 3128), Through)
Path("ready").touch()
proxy.serve_forever()
