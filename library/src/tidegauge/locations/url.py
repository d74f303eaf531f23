"""URLs: which ones are meant, and what their parts are."""

from __future__ import annotations

import os
import re
from typing import NamedTuple, NoReturn

from tidegauge.errors import ArgumentError, nearest

MODULES = {
    "file": "directory",
    **dict.fromkeys(("s3", "s3a", "gs", "az", "abfs", "abfss", "memory"), "object_store"),
    "http": "http",
    "https": "http",
}
"""Every scheme that is known → the module of ``writers``, and of ``readers``, that is for it."""

SCHEMES = tuple(MODULES)

_SCHEME = re.compile(r"([^/\\]*?)://")
_SHORT = re.compile(rf"({'|'.join(SCHEMES)}):/(?!/)", re.IGNORECASE)


class Url(NamedTuple):
    """A URL in parts.

    Example:
        >>> parse_url("s3://bucket/profiles")
        Url(text='s3://bucket/profiles', scheme='s3', host='bucket', path='/profiles')
    """

    text: str
    scheme: str
    host: str
    path: str


def is_url(text: str) -> bool:
    """Tell whether a text is meant as a URL and not as a path, whether or not its scheme is known.

    Example:
        >>> is_url("s3://bucket/profiles"), is_url("C:/profiles")
        (True, False)
    """
    found = _SCHEME.match(text)
    if found and os.name == "nt" and len(found[1]) == 1:
        return False  # a drive
    return bool(found or _SHORT.match(text))


def parse_url(text: str) -> Url:
    """Take a URL apart.

    Args:
        text: What `is_url` is true of.

    Raises:
        ArgumentError: The scheme is unknown, and the message names the known ones; or a slash is missing.

    Example:
        >>> parse_url("file:///var/profiles").path
        '/var/profiles'
    """
    if _SHORT.match(text):
        raise ArgumentError(
            f"{text!r} is neither a URL, which has two slashes, nor a path; give URLs as text, since a Path "
            "takes one of the slashes away"
        )
    found = _SCHEME.match(text)
    scheme = found[1].lower() if found else ""
    if scheme not in SCHEMES:
        unknown_scheme(text, scheme)
    rest = text[found.end() :] if found else text
    host, slash, path = rest.partition("/")
    return Url(text, scheme, host, slash + path)


def unknown_scheme(text: str, scheme: str) -> NoReturn:
    """Refuse a URL, naming the schemes that are known.

    Raises:
        ArgumentError: Always.
    """
    close = nearest(scheme, SCHEMES)
    hint = close if close.startswith("; did") else ""
    raise ArgumentError(
        f"{text!r}: the scheme {scheme!r} is not known{hint}; known are a path or file:// (a folder), "
        "s3://, gs://, az://, abfss:// and memory:// (object stores, with `pip install "
        "'tidegauge[object-store]'`), http:// and https:// (a server); anything else can be a function"
    )


def local_path(text: str, *, argument: str, reason: str) -> str:
    """Return the path that a text means where only this machine will do: a path itself, or a ``file://`` URL.

    Args:
        text: The text.
        argument: What messages call it.
        reason: Why it must be here.

    Raises:
        ArgumentError: It is another URL.

    Example:
        >>> local_path("state", argument="checkpoint", reason="it is locked")
        'state'
    """
    if not is_url(text):
        return text
    scheme = text.partition(":")[0].lower()
    if scheme == "file":
        return file_path(parse_url(text))
    raise ArgumentError(
        f"{argument}={text!r}: the scheme {scheme!r} is not known here; known are a path or file:// "
        f"(a folder of this machine): {reason}"
    )


def file_path(url: Url) -> str:
    """Return the path that a ``file://`` URL names.

    Raises:
        ArgumentError: It names another machine.

    Example:
        >>> file_path(parse_url("file:///var/my%20profiles"))
        '/var/my profiles'
    """
    from urllib.request import url2pathname

    if url.host not in {"", "localhost"}:
        raise ArgumentError(
            f"{url.text!r} names a file on {url.host!r}; a file URL has three slashes, as in file:///var/profiles"
        )
    return url2pathname(url.path)
