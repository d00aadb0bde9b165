"""What servers outside have: an image, and a package of each kind that a machine or a build fetches"""
from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import tarfile
import zipfile


def goods() -> dict[str, tuple[str, bytes]]:
    """By path: type and content"""
    debian = b"Package: hello\nVersion: 1\nArchitecture: all\nFilename: ./hello.deb\nSize: 1\n\n"
    plain = {"/debian/./Packages": debian, "/hello": b"hello from outside\n"}
    return {**image(), **wheel(), **module(), **{path: ("text/plain", text) for path, text in plain.items()}}


def digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def archive(name: str, data: bytes) -> bytes:
    """A compressed tar of one file"""
    return gzip.compress(tar(name, data), mtime=0)


def tar(name: str, data: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as files:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        files.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


def image() -> dict[str, tuple[str, bytes]]:
    """An image of one file, as a registry gives it"""
    layer = archive("hello", b"")
    config = json.dumps({
        "architecture": "amd64", "os": "linux", "config": {},
        "rootfs": {"type": "layers", "diff_ids": [digest(tar("hello", b""))]},
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


def wheel() -> dict[str, tuple[str, bytes]]:
    """The package `lighthouse` of Python, as an index gives it"""
    described = "lighthouse-1.0.dist-info/"
    texts = {
        "lighthouse.py": "",
        described + "METADATA": "Metadata-Version: 2.1\nName: lighthouse\nVersion: 1.0\n",
        described + "WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    names = [*texts, described + "RECORD"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        for name, text in {**texts, described + "RECORD": "".join(f"{name},,\n" for name in names)}.items():
            files.writestr(name, text)
    file = "lighthouse-1.0-py3-none-any.whl"
    index = f'<a href="/python/{file}">{file}</a>'.encode()
    return {"/python/lighthouse/": ("text/html", index), f"/python/{file}": ("application/zip", packed.getvalue())}


def module() -> dict[str, tuple[str, bytes]]:
    """The package `lighthouse` of Node, as a registry gives it"""
    described = {"name": "lighthouse", "version": "1.0.0"}
    packed = archive("package/package.json", json.dumps(described).encode())
    hashed = base64.b64encode(hashlib.sha512(packed).digest()).decode()
    file = "/node/lighthouse-1.0.0.tgz"
    dist = {"tarball": f"https://packages.corp.test{file}", "integrity": f"sha512-{hashed}"}
    known = {"name": "lighthouse", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": {**described, "dist": dist}}}
    return {
        "/node/lighthouse": ("application/json", json.dumps(known).encode()),
        file: ("application/octet-stream", packed),
    }
