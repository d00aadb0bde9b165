"""Uploads to object storage through the S3 API: a signed PUT (AWS Signature Version 4, path style)."""

import asyncio
import hashlib
import hmac
import logging
import os
import urllib.error
import urllib.request
from datetime import datetime, timezone
from urllib.parse import quote, urlsplit

ATTEMPTS = 6
PAUSE_SECONDS = float(os.environ.get("UPLOAD_PAUSE_SECONDS", "30"))
_TIMEOUT_SECONDS = 20

_endpoint = os.environ.get("S3_URL_ENDPOINT", "").rstrip("/")
_bucket = os.environ.get("S3_BUCKET_NAME", "")
_access_key = os.environ.get("AWS_ACCESS_KEY_ID", "")
_secret_key = os.environ.get("AWS_SECRET_ACCESS_KEY", "")
_region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"


def is_configured() -> bool:
    return all([_endpoint, _bucket, _access_key, _secret_key])


def url_of(key: str) -> str:
    return f"{_endpoint}/{_bucket}/{quote(key)}"


async def upload(key: str, content: bytes, logger: logging.Logger, fields: dict) -> None:
    """Tries six times; every outcome is a line on the log."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            await asyncio.to_thread(_put, key, content)
            logger.info("Upload to OVH successful", extra=fields)
            return
        except (urllib.error.URLError, OSError) as error:
            reason = {**fields, "bg_error_type": type(error).__name__, "bg_upload_attempt": attempt}
            logger.error("Upload to OVH failed: %s", error, extra=reason)
        if attempt < ATTEMPTS:
            await asyncio.sleep(PAUSE_SECONDS)


def _put(key: str, content: bytes) -> None:
    url = url_of(key)
    request = urllib.request.Request(url, data=content, method="PUT", headers=_signed_headers(url, content))
    with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS):
        pass


def _signed_headers(url: str, content: bytes) -> dict[str, str]:
    parts = urlsplit(url)
    now = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{now[:8]}/{_region}/s3/aws4_request"
    payload_hash = hashlib.sha256(content).hexdigest()
    headers = {"host": parts.netloc, "x-amz-content-sha256": payload_hash, "x-amz-date": now}
    names = ";".join(headers)
    canonical = "\n".join(
        ["PUT", parts.path, "", *(f"{name}:{value}" for name, value in headers.items()), "", names, payload_hash]
    )
    to_sign = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{_secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    authorization = f"AWS4-HMAC-SHA256 Credential={_access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**headers, "Authorization": authorization, "Content-Type": "application/octet-stream"}
