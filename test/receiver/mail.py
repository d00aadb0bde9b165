"""
A mail server, by aiosmtpd: takes mail after STARTTLS and a login, and notes each as a line of JSON.

mail.py PORT NOTES    certificate.pem, key.pem and password lie beside it; the user is the one of the password's first line
"""

from __future__ import annotations

import email
import json
import ssl
import sys
import time
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

PORT, NOTES = int(sys.argv[1]), Path(sys.argv[2])
HERE = Path(__file__).parent
USER, PASSWORD = (HERE / "password").read_bytes().splitlines()


def login(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER, PASSWORD)
    return AuthResult(success=right, handled=False)


class Notes:
    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:
        mail = email.message_from_bytes(envelope.content, policy=default)
        body = mail.get_body(("plain",))
        note = {
            "at": time.time(),
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "subject": mail["Subject"],
            "text": body.get_content().replace("\r\n", "\n") if body else "",
            "encrypted": session.ssl is not None,
        }
        with NOTES.open("a", encoding="utf-8") as notes:
            notes.write(json.dumps(note) + "\n")
        return "250 taken"


tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
tls.load_cert_chain(HERE / "certificate.pem", HERE / "key.pem")
NOTES.touch()
Controller(
    Notes(),
    hostname="127.0.0.1",
    port=PORT,
    tls_context=tls,
    require_starttls=True,
    auth_required=True,
    # Its LOGIN asks in other words than mail servers do
    auth_exclude_mechanism=["LOGIN"],
    authenticator=login,
).start()
while True:
    time.sleep(60)
