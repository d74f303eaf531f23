"""Object stores by URL, through obstore: S3, Google Cloud Storage, Azure, and one in memory.

The only module that imports obstore, and only when a store is opened.
"""

from __future__ import annotations

import os
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from tidegauge.errors import ArgumentError, MissingLibraryError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tidegauge.locations.url import Url

CONNECT_SECONDS = 5
REQUEST_SECONDS = 30
MOST_RETRIES = 2
RETRY_SECONDS = 20
_SECRETS = {
    "S3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_REGION)",
    "GCS": "GOOGLE_APPLICATION_CREDENTIALS",
    "MicrosoftAzure": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}

_memory: dict[str, Any] = {}
_memory_lock = Lock()
_used_in: set[int] = set()  # processes in which obstore was asked for something


class Listing(NamedTuple):
    """What lies directly in a folder: names of folders, and paths of files relative to the root."""

    folders: list[str]
    files: list[str]


class ObjectStore:
    """A place in an object store: a bucket, or a prefix in it.

    Args:
        store: A store of obstore, such as ``obstore.store.S3Store``.
        name: What messages call it.
        prefix: What stands in front of all keys, ending in ``/`` if not empty.
    """

    def __init__(self, store: Any, *, name: str, prefix: str = "") -> None:
        self._store = store
        self._prefix = prefix
        self.name = name

    def put(self, key: str, data: bytes) -> None:
        """Write an object whole or not at all, in place of one that has the key.

        Raises:
            OSError: It could not be written; the message says why.
        """
        self._told(lambda: self._store.put(self._prefix + key, data, use_multipart=False))

    def get(self, key: str) -> bytes:
        """Fetch an object.

        Raises:
            FileNotFoundError: There is none.
            OSError: It could not be fetched; the message says why.
        """
        found: bytes = self._told(lambda: bytes(self._store.get(self._prefix + key).bytes()))
        return found

    def listed(self) -> Iterator[str]:
        """Go through the keys of all objects below the root.

        Raises:
            OSError: They could not be listed; the message says why.
        """
        pages = iter(self._told(lambda: self._store.list(self._prefix or None, chunk_size=1000)))
        while True:
            page = self._told(lambda: next(pages, None))
            if page is None:
                return
            for each in page:
                yield each["path"][len(self._prefix) :]

    def folder(self, path: str) -> Listing:
        """List what lies directly in a folder.

        Args:
            path: The folder, relative to the root; ``""`` is the root.

        Raises:
            OSError: It could not be listed; the message says why.
        """
        whole = (self._prefix + path).rstrip("/")
        found = self._told(lambda: self._store.list_with_delimiter(whole or None))
        names = [each.rstrip("/").rpartition("/")[2] for each in found["common_prefixes"]]
        return Listing(names, [each["path"][len(self._prefix) :] for each in found["objects"]])

    def _told(self, ask: Any) -> Any:
        """Call the store; whatever it raises becomes an OSError of one line."""
        from obstore.exceptions import BaseError

        _used_in.add(os.getpid())
        if len(_used_in) > 1:
            # Its threads are the parent's: it would wait for them for ever, or panic.
            raise OSError(
                f"{self.name}: an object store was used before this process was forked, and obstore does not "
                "survive that; read and write object stores after the fork only, or start processes by spawn"
            )
        try:
            return ask()
        except FileNotFoundError as error:
            raise FileNotFoundError(self._message(error)) from error
        except (BaseError, OSError, ValueError) as error:
            raise OSError(self._message(error)) from error

    def _message(self, error: Exception) -> str:
        text = str(error).partition("\n\nDebug source")[0]
        if "NoSuchBucket" in text or "ContainerNotFound" in text or "bucket does not exist" in text:
            return f"{self.name}: the bucket does not exist; make it first, or mend the URL"
        kind = next((kind for kind in _SECRETS if f"Generic {kind} error" in text), None)
        hint = ""
        if kind and any(
            sign in text for sign in ("169.254.169.254", "metadata.google.internal", "latest/api/token")
        ):
            hint = f"; no credentials were found: set {_SECRETS[kind]}"
        short = " ".join(text.split())
        return f"{self.name}: {short[:400]}{'…' if len(short) > 400 else ''}{hint}"


def open_store(url: Url) -> ObjectStore:
    """Open the place in an object store that a URL names; nothing is asked of the store yet.

    Credentials, endpoints and regions come from the environment, by the names that the clouds gave them
    (``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT_URL``, ``GOOGLE_APPLICATION_CREDENTIALS``,
    ``AZURE_STORAGE_ACCOUNT_NAME`` …).

    Raises:
        MissingLibraryError: obstore is not installed.
        ArgumentError: The URL names no bucket, or lacks what a store needs.

    Example:
        >>> from tidegauge.locations.url import parse_url
        >>> store = open_store(parse_url("memory://example/profiles"))
        >>> store.put("a.txt", b"hello")
        >>> list(store.listed()), store.get("a.txt")
        (['a.txt'], b'hello')
    """
    try:
        from obstore import store as stores
        from obstore.exceptions import BaseError
    except ImportError as error:
        raise MissingLibraryError(
            f"{url.text!r} needs the library obstore: pip install 'tidegauge[object-store]'"
        ) from error
    if not url.host:
        raise ArgumentError(f"{url.text!r} names no bucket; expected {url.scheme}://BUCKET/FOLDER")
    if url.scheme == "memory":
        with _memory_lock:
            store = _memory.setdefault(url.host, None) or stores.MemoryStore()
            _memory[url.host] = store
        prefix = url.path.strip("/")
        return ObjectStore(store, name=url.text, prefix=f"{prefix}/" if prefix else "")
    try:
        store = stores.from_url(
            url.text,
            client_options={
                "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
                "timeout": timedelta(seconds=REQUEST_SECONDS),
                **({"allow_http": True} if _allows_http() else {}),
            },
            retry_config={"max_retries": MOST_RETRIES, "retry_timeout": timedelta(seconds=RETRY_SECONDS)},
        )
    except (BaseError, ValueError) as error:
        reason = " ".join(str(error).partition("\n\nDebug source")[0].split())
        raise ArgumentError(f"{url.text!r} cannot be opened: {reason}") from error
    return ObjectStore(store, name=url.text)


def _allows_http() -> bool:
    """Whether an endpoint in the environment is reached without TLS, which whoever names it means."""
    names = (
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_S3",
        "AWS_ENDPOINT",
        "AZURE_STORAGE_ENDPOINT",
        "GOOGLE_BASE_URL",
    )
    return any(os.environ.get(name, "").startswith("http://") for name in names)
