"""A writer to an object store: S3, Google Cloud Storage, Azure, or one in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.errors import WriterError
from tidegauge.locations.object_store import ObjectStore, open_store
from tidegauge.writers.writer import check_delivery, files_of

if TYPE_CHECKING:
    from tidegauge.locations.url import Url
    from tidegauge.profile_set import ProfileSet


class ObjectStoreWriter:
    """Writes profiles as objects, in the layout ``<dataset>/<date>/<start>_<end>_<id>.parquet``.

    In a store an object appears complete or not at all. Usually opened by URL; see `open_writer`.

    Args:
        place: The place in a store.

    Example:
        >>> import tidegauge as tg
        >>> writer = tg.writers.open_writer("memory://doctest/profiles")
        >>> writer.write(tg.ProfileSet([tg.log({"x": [1]}, "taxi")]), id="0" * 32)
        >>> tg.read("memory://doctest/profiles", dataset="taxi").records
        1
    """

    def __init__(self, place: ObjectStore) -> None:
        self._place = place

    def write(self, profiles: ProfileSet, *, id: str) -> None:  # noqa: A002 - the protocol's word
        """Write the set; see `Writer.write`."""
        for name, part in files_of(check_delivery(profiles, id), id):
            try:
                self._place.put(name, part.to_bytes())
            except OSError as error:
                raise WriterError(f"cannot write {name!r} to {error}") from error

    def __repr__(self) -> str:
        return f"ObjectStoreWriter({self._place.name!r})"


def open_url(url: Url) -> ObjectStoreWriter:
    """Open the place in an object store that a URL names."""
    return ObjectStoreWriter(open_store(url))
