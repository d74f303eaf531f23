"""One connection to a server, kept between requests; every request ends within a stated time."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection, RemoteDisconnected
from threading import Timer
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from tidegauge.errors import ArgumentError

if TYPE_CHECKING:
    from http.client import HTTPResponse

_MOST_TEXT = 300
_IDLE_SECONDS = 30.0


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    reason: str
    data: bytes
    is_whole: bool
    location: str | None
    retry_after_seconds: float | None

    @property
    def text(self) -> str:
        """The beginning of what it said, in one line."""
        words = " ".join(self.data[: 4 * _MOST_TEXT].decode("utf-8", "replace").split())
        shown = "".join(character for character in words if character.isprintable())
        return shown if len(shown) <= _MOST_TEXT else f"{shown[:_MOST_TEXT]}…"

    def __str__(self) -> str:
        said = f": {self.text}" if self.text else ""
        return f"{self.status} {self.reason}{said}"


class _Request(NamedTuple):
    method: str
    body: bytes | None
    headers: dict[str, str]
    most_bytes: int


class Connection:
    """A connection to one URL, opened when it is needed; used by one thread at a time.

    Args:
        url: ``http://`` or ``https://``.
        path: The path that is meant when the URL has none.
        timeout_seconds: The longest that a request may take, answer included.

    Raises:
        ArgumentError: The URL is invalid.

    Example:
        >>> Connection("http://localhost:8080", path="/here", timeout_seconds=5).url
        'http://localhost:8080/here'
    """

    def __init__(self, url: str, *, path: str, timeout_seconds: float) -> None:
        self._open: HTTPConnection | None = None
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError as error:
            raise ArgumentError(f"{url!r}: {error}") from None
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ArgumentError(f"{url!r} is no URL of a server; expected https://HOST or https://HOST/PATH")
        if parts.username is not None or parts.password is not None:
            raise ArgumentError(
                "the URL holds a name or password, which would end up in messages; give api_key= or set "
                "TIDEGAUGE_API_KEY"
            )
        if not timeout_seconds > 0:
            raise ArgumentError(f"timeout_seconds={timeout_seconds!r}: expected more than 0")
        self._target = (parts.path if parts.path.strip("/") else path) + (
            f"?{parts.query}" if parts.query else ""
        )
        if not self._target.isascii() or any(character <= " " for character in self._target):
            raise ArgumentError(f"{url!r}: write what is not ASCII, and spaces, as % and hexadecimal digits")
        self._is_secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, port
        self._timeout_seconds = timeout_seconds
        self.url = f"{parts.scheme}://{parts.netloc}{self._target.partition('?')[0]}"
        self._process = os.getpid()
        self._last_used = 0.0

    def ask(
        self, method: str, body: bytes | None, *, headers: dict[str, str], most_bytes: int = 1 << 16
    ) -> Answer:
        """Send a request; one that the server may have got already may be sent twice.

        Args:
            method: ``POST`` or ``GET``.
            body: What is sent.
            headers: Headers beside those that HTTP itself needs.
            most_bytes: How much of the answer is read.

        Raises:
            OSError: The server cannot be reached, did not answer in time, or said what is not HTTP.
        """
        request = _Request(method, body, headers, most_bytes)
        try:
            return self._ask(request)
        except HTTPException as error:
            raise OSError(
                f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            ) from error

    def _ask(self, request: _Request) -> Answer:
        kept = self._kept()
        if kept is not None:
            # The server may have closed it meanwhile: then, and only then, a new one is tried at once.
            with suppress(RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                return self._send(kept, request)
        return self._send(self._connect(), request)

    def _kept(self) -> HTTPConnection | None:
        kept = self._open
        if kept is None:
            return None
        if self._process != os.getpid():
            # It is the parent's: what we say on it would mix with what the parent says.
            self._open = None
            return None
        if time.monotonic() - self._last_used > _IDLE_SECONDS:
            self.close()
            return None
        return kept

    def _connect(self) -> HTTPConnection:
        kind = HTTPSConnection if self._is_secure else HTTPConnection
        self._open = kind(self._host, self._port, timeout=self._timeout_seconds)
        self._process = os.getpid()
        return self._open

    def _send(self, connection: HTTPConnection, request: _Request) -> Answer:
        late = False

        def hang_up() -> None:
            nonlocal late
            late = True
            with suppress(OSError, AttributeError):
                connection.sock.shutdown(socket.SHUT_RDWR)

        # A server that sends a byte now and then never trips the time-out of the socket.
        watch = Timer(self._timeout_seconds, hang_up)
        watch.daemon = True
        watch.start()
        try:
            connection.request(request.method, self._target, body=request.body, headers=request.headers)
            response = connection.getresponse()
            answer = _read(response, request.most_bytes)
        except (HTTPException, OSError) as error:
            self.close()
            if late or isinstance(error, TimeoutError):
                raise TimeoutError(f"no answer within {self._timeout_seconds:g} seconds") from error
            raise
        finally:
            watch.cancel()
        self._last_used = time.monotonic()
        if late or not response.isclosed():
            self.close()
        return answer

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def __del__(self) -> None:
        # Closed here, or a socket that was kept for a next request would end in a ResourceWarning.
        if getattr(self, "_open", None) is not None:
            self.close()


def _read(response: HTTPResponse, most_bytes: int) -> Answer:
    data = response.read(most_bytes)
    return Answer(
        response.status,
        response.reason,
        data,
        response.isclosed() or not response.read(1),
        response.headers.get("Location"),
        _seconds(response.headers.get("Retry-After")),
    )


def _seconds(retry_after: str | None) -> float | None:
    """Read ``Retry-After``: a number of seconds, or a date."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:9]), 24 * 3600))
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.0), 24 * 3600.0)
