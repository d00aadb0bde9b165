"""Certificates: what the edge shows for each of its names, and asking once more for those that are missing."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Mapping

from machine import Asked, Machine, sync_replace
from release import Release

_WAIT_SECONDS = 60
_ENDS_SOON_SECONDS = 86400
MISSING = "is missing"


def start(machine: Machine, release: Release) -> Mapping[str, Asked]:
    """Asks the edge for each of its names; nothing where it does not listen, which is told as such."""
    edge = release.edge
    if edge is None or not edge.certificates or not _listens(edge.port):
        return {}
    where = f"127.0.0.1:{edge.port}"
    return {
        name: machine.start("timeout", "5", "openssl", "s_client", "-connect", where, "-servername", name)
        for name in edge.certificates
    }


def lacking(machine: Machine, release: Release, shown: Mapping[str, Asked], since: str = "24h") -> Mapping[str, str]:
    """Name → why the edge shows no certificate of it that lasts another day."""
    found = {name: _lacking(machine, release, name, asked.answer().out, since) for name, asked in shown.items()}
    return {name: why for name, why in found.items() if why}


def _lacking(machine: Machine, release: Release, name: str, shown: str, since: str) -> str:
    certificate = re.search(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", shown, flags=re.DOTALL)
    if certificate is None:
        return f"{MISSING}: the edge has none for this name"
    said = read_certificate(machine, certificate.group(), name)
    if "does match" not in said:
        refusal = _refusal(machine, release, name, since)
        return f"{MISSING}: {refusal}" if refusal else MISSING
    if "will not expire" not in said:
        return f"expires at {said.split('notAfter=', 1)[-1].splitlines()[0]}"
    return ""


def read_certificate(machine: Machine, text: str, name: str) -> str:
    """What OpenSSL says of its end and of the name: it looks for one of them alone at a time."""
    look = ("openssl", "x509", "-noout")
    ends = machine.ask(*look, "-enddate", "-checkend", str(_ENDS_SOON_SECONDS), given=text)
    return ends.out + machine.ask(*look, "-checkhost", name, given=text).out


def _refusal(machine: Machine, release: Release, name: str, since: str) -> str:
    """What the authority last said of a name, as Traefik logged it."""
    if release.edge is None or release.edge.kind != "traefik":
        return ""
    said = machine.start("docker", "logs", "--since", since, f"{release.system}-edge-traefik-1").answer()
    lines = re.sub(r"\x1b\[[0-9;]*m", "", said.out + said.err).splitlines()
    told = [line for line in lines if "Unable to obtain ACME certificate" in line and name in line]
    if not told:
        return ""
    error = re.search(r'error="((?:[^"\\]|\\.)*)"', told[-1])
    return (error.group(1) if error else told[-1]).replace("\\n", " ")[:400]


def await_certificates(machine: Machine, release: Release, asked_at: float) -> None:
    """
    Traefik asks for what it lacks each time that it reads other routes, which the switch was. A name that does not lead
    here yet keeps no release from serving, since its address is told only by the first.
    """
    end = time.monotonic() + _WAIT_SECONDS
    since = str(int(asked_at))
    missing = lacking(machine, release, start(machine, release), since)
    while MISSING in missing.values() and time.monotonic() < end:
        time.sleep(1)
        missing = lacking(machine, release, start(machine, release), since)
    for name, why in missing.items():
        machine.tell.say(
            f"warning: the certificate of {name} {why}. DNS must resolve the name to this machine, and its port 80 must be open"
            " to the internet; it is requested again every 15 minutes and by each release"
        )


def ask_again(machine: Machine, release: Release | None) -> int:
    """Run by a timer, no oftener than an authority bears failed tries: other routes make Traefik read all of them anew."""
    # Before the first release has ended there is nothing to ask for
    missing = lacking(machine, release, start(machine, release)) if release else {}
    if not missing:
        return 0
    print("asking again:", "; ".join(f"certificate {name} {why}" for name, why in missing.items()))
    headers = f'{{ customResponseHeaders: {{ Asked: "{int(time.time())}" }} }}'
    text = f"# Asked for missing certificates at this time\nhttp: {{ middlewares: {{ asked: {{ headers: {headers} }} }} }}\n"
    sync_replace(machine.routes("asked.yaml"), text)
    return 0


def _listens(port: int) -> bool:
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0
