"""What proves to a server who sends a delivery, and that it arrived unaltered: contracts/http-ingest.md."""

from __future__ import annotations

import base64
import hashlib
import hmac


def content_digest(body: bytes) -> str:
    """Return the value of the header ``Content-Digest`` (RFC 9530).

    Example:
        >>> content_digest(b"hello")
        'sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:'
    """
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode('ascii')}:"


def signature(key: bytes, *, delivery: str, seconds: int, body: bytes) -> str:
    """Return the value of the header ``Tidegauge-Signature``.

    What is signed is five lines, the last without an end: ``tidegauge-delivery``, ``v1``, the time, the id,
    and the SHA-256 of the body in hexadecimal digits.

    Args:
        key: The secret that sender and server share.
        delivery: The id of the delivery.
        seconds: The time of sending, in seconds since 1970.
        body: What is sent.

    Example:
        >>> signature(b"secret", delivery="0" * 32, seconds=1795873200, body=b"hello")[:16]
        't=1795873200, v1'
    """
    lines = ("tidegauge-delivery", "v1", str(seconds), delivery, hashlib.sha256(body).hexdigest())
    digest = hmac.new(key, "\n".join(lines).encode("ascii"), hashlib.sha256).hexdigest()
    return f"t={seconds}, v1={digest}"
