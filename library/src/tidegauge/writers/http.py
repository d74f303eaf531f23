"""A writer to a server, by HTTP POST; what it says on the wire is specified in contracts/http-ingest.md."""

from __future__ import annotations

import os
import random
import time
from threading import Lock
from typing import TYPE_CHECKING

from tidegauge._kernel import FORMAT_VERSION, __version__
from tidegauge.errors import ArgumentError, PermanentWriterError, WriterError
from tidegauge.locations.connection import Answer, Connection
from tidegauge.writers.signing import content_digest, signature
from tidegauge.writers.writer import check_delivery

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidegauge.locations.url import Url
    from tidegauge.profile_set import ProfileSet

PATH = "/api/v1/profiles"
CONTENT_TYPE = "application/vnd.apache.parquet"
PERMANENT = frozenset({400, 409, 411, 413, 415, 422})
"""Statuses that are about the profiles. Others of 4xx are about the door, a key or a path: once that is
mended, the same delivery is taken."""

_FIRST_PAUSE_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 5.0


class HttpWriter:
    """Delivers profiles to a server by HTTP POST.

    A few attempts are made within one ``write``; by the id the server knows what it already has. The
    connection is kept for the next delivery. Redirects are not followed.

    Args:
        url: ``http://`` or ``https://``; the path defaults to ``/api/v1/profiles``.
        api_key: Sent as ``Authorization: Bearer``; by default the value of ``TIDEGAUGE_API_KEY``.
        signing_key: The secret that signs deliveries; by default the value of ``TIDEGAUGE_SIGNING_KEY``.
        timeout_seconds: The longest that one attempt may take, in seconds.
        attempts: How often to try within one ``write``.

    Raises:
        ArgumentError: The URL is not an HTTP URL, or holds a name and password; a key is empty or not plain
            text.

    Example:
        >>> HttpWriter("https://tidegauge.example.com", api_key="k", signing_key="s")
        HttpWriter('https://tidegauge.example.com/api/v1/profiles')
    """

    def __init__(
        self,
        url: str,
        *,
        api_key: str | None = None,
        signing_key: str | bytes | None = None,
        timeout_seconds: float = 10.0,
        attempts: int = 3,
    ) -> None:
        self._connection = Connection(url, path=PATH, timeout_seconds=timeout_seconds)
        self._api_key = _plain(api_key or os.environ.get("TIDEGAUGE_API_KEY") or None)
        secret = signing_key or os.environ.get("TIDEGAUGE_SIGNING_KEY") or None
        self._signing_key = secret.encode() if isinstance(secret, str) else secret
        if attempts < 1:
            raise ArgumentError(f"attempts={attempts!r}: expected at least 1")
        self._attempts = attempts
        self._lock = Lock()
        self._sleep: Callable[[float], None] = time.sleep

    def write(self, profiles: ProfileSet, *, id: str) -> None:  # noqa: A002 - the protocol's word
        """Send the set; see `Writer.write`."""
        body = check_delivery(profiles, id).to_bytes()
        with self._lock:
            for attempt in range(1, self._attempts + 1):
                try:
                    self._send(body, id)
                except PermanentWriterError:
                    raise
                except WriterError as error:
                    pause = self._pause(attempt, error)
                    if pause is None:
                        raise
                    self._sleep(pause)
                else:
                    return

    def close(self) -> None:
        """Close the connection; writing again opens another."""
        with self._lock:
            self._connection.close()

    def _pause(self, attempt: int, error: WriterError) -> float | None:
        """How long to wait before the next attempt; None if there is to be none."""
        asked = error.retry_after_seconds
        if attempt >= self._attempts or (asked is not None and asked > _LONGEST_PAUSE_SECONDS):
            return None
        usual: float = _FIRST_PAUSE_SECONDS * 4.0 ** (attempt - 1)
        # Writers that failed at the same moment must not all come back at the same moment.
        return asked if asked is not None else min(usual, _LONGEST_PAUSE_SECONDS) * random.uniform(0.5, 1.0)  # noqa: S311

    def _send(self, body: bytes, delivery: str) -> None:
        try:
            answer = self._connection.ask("POST", body, headers=self._headers(body, delivery))
        except OSError as error:
            reason = str(error) or type(error).__name__
            raise WriterError(f"cannot deliver to {self._connection.url}: {reason}") from error
        if 200 <= answer.status < 300:
            return
        self._refuse(answer)

    def _headers(self, body: bytes, delivery: str) -> dict[str, str]:
        headers = {
            "Content-Type": CONTENT_TYPE,
            "Content-Digest": content_digest(body),
            "Tidegauge-Delivery": delivery,
            "Tidegauge-Format": FORMAT_VERSION,
            "User-Agent": f"tidegauge/{__version__}",
        }
        if self._api_key is not None:
            headers["Authorization"] = f"Bearer {self._api_key}"
        if self._signing_key is not None:
            headers["Tidegauge-Signature"] = signature(
                self._signing_key, delivery=delivery, seconds=int(time.time()), body=body
            )
        return headers

    def _refuse(self, answer: Answer) -> None:
        message = f"{self._connection.url} answered {answer}"
        if answer.status in PERMANENT:
            raise PermanentWriterError(f"{message}; these profiles are refused for what they are")
        raise WriterError(message + _hint(answer), retry_after_seconds=answer.retry_after_seconds)

    def __repr__(self) -> str:
        return f"HttpWriter({self._connection.url!r})"


def _hint(answer: Answer) -> str:
    if 300 <= answer.status < 400:
        return f"; redirects are not followed: give the URL {answer.location!r} itself"
    nothing_there = "; nothing takes profiles at this URL: mend its path"
    hints = {
        401: "; the server does not know the key: set TIDEGAUGE_API_KEY (and TIDEGAUGE_SIGNING_KEY)",
        403: "; the key may not write this dataset: ask whoever runs the server",
        404: nothing_there,
        405: nothing_there,
    }
    return hints.get(answer.status, "")


def _plain(key: str | None) -> str | None:
    if key is not None and not (key.isascii() and key.isprintable() and " " not in key):
        raise ArgumentError("the API key must be printable ASCII without spaces, as it is sent in a header")
    return key


def open_url(url: Url) -> HttpWriter:
    """Open the server that a URL names, with keys from the environment."""
    return HttpWriter(url.text)
