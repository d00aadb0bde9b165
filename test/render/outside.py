"""What is outside, by way of a proxy alone: whatever name it is asked to connect to, one HTTPS server answers there."""
from __future__ import annotations

import gzip
import hashlib
import io
import json
import socket
import ssl
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def image() -> dict[str, tuple[str, bytes]]:
    """An image of one file, as a registry gives it: path → type and content"""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        entry = tarfile.TarInfo("hello")
        archive.addfile(entry, io.BytesIO(b""))
    layer = gzip.compress(plain.getvalue(), mtime=0)
    config = json.dumps({
        "architecture": "amd64", "os": "linux", "config": {},
        "rootfs": {"type": "layers", "diff_ids": [digest(plain.getvalue())]},
    }).encode()
    docker = "application/vnd.docker."
    types = {"config": docker + "container.image.v1+json", "layer": docker + "image.rootfs.diff.tar.gzip"}
    described = lambda kind, data: {"mediaType": types[kind], "size": len(data), "digest": digest(data)}
    kind = docker + "distribution.manifest.v2+json"
    manifest = json.dumps({
        "schemaVersion": 2, "mediaType": kind,
        "config": described("config", config), "layers": [described("layer", layer)],
    }).encode()
    blobs = {f"/v2/app/blobs/{digest(data)}": ("application/octet-stream", data) for data in (config, layer)}
    manifests = {f"/v2/app/manifests/{name}": (kind, manifest) for name in ("1.0.0", digest(manifest))}
    return {"/v2/": ("application/json", b"{}"), **blobs, **manifests}


package = b"Package: hello\nVersion: 1\nArchitecture: all\nFilename: ./hello.deb\nSize: 1\n\n"
served = {**image(), "/debian/./Packages": ("text/plain", package), "/hello": ("text/plain", b"hello from outside\n")}


class Outside(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        found = served.get(self.path)
        kind, data = found or ("text/plain", b"")
        self.send_response(200 if found else 404)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        if self.path.startswith("/v2/app/manifests/"):
            self.send_header("docker-content-digest", digest(data))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)

    do_HEAD = do_GET


class Through(BaseHTTPRequestHandler):
    def do_CONNECT(self) -> None:
        with open("asked", "a") as asked:
            asked.write(self.path + "\n")
        with socket.create_connection(("127.0.0.1", 8443)) as there:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=copy, args=(there, self.connection))
            back.start()
            copy(self.connection, there)
            back.join()


def copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


outside = ThreadingHTTPServer(("127.0.0.1", 8443), Outside)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("certificate.pem", "key.pem")
outside.socket = context.wrap_socket(outside.socket, server_side=True)
threading.Thread(target=outside.serve_forever, daemon=True).start()
proxy = ThreadingHTTPServer(("127.0.0.1", 3128), Through)
Path("ready").touch()
proxy.serve_forever()
