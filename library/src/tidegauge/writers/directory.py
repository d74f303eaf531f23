"""A writer to a folder of files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tidegauge.errors import ArgumentError, WriterError
from tidegauge.locations.folder import put
from tidegauge.locations.url import file_path
from tidegauge.writers.writer import check_delivery, files_of

if TYPE_CHECKING:
    from tidegauge.locations.url import Url
    from tidegauge.paths import PathLike
    from tidegauge.profile_set import ProfileSet


class DirectoryWriter:
    """Writes profiles into a folder, in the layout ``<dataset>/<date>/<start>_<end>_<id>.parquet``.

    Each file appears complete or not at all, and is on disk before ``write`` returns. The folder is created
    when the writer is opened. If it vanishes later (a disk is unmounted), deliveries fail and do not create
    it again.

    Args:
        folder: The root of the layout.

    Raises:
        ArgumentError: There is a file of that name, or the folder cannot be created.

    Example:
        >>> import os, tempfile
        >>> import tidegauge as tg
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     DirectoryWriter(folder).write(tg.ProfileSet([tg.log({"x": [1]}, "taxi")]), id="0" * 32)
        ...     os.listdir(folder + "/taxi/undated")
        ['00000000000000000000000000000000.parquet']
    """

    def __init__(self, folder: PathLike) -> None:
        self.folder = os.path.abspath(os.fspath(folder))
        if not os.fspath(folder):
            raise ArgumentError("'' is no folder; give a path")
        try:
            os.makedirs(self.folder, exist_ok=True)
        except OSError as error:
            raise ArgumentError(
                f"cannot write profiles into {self.folder!r}: {error.strerror}; expected a folder, or where "
                f"one can be made"
            ) from error

    def write(self, profiles: ProfileSet, *, id: str) -> None:  # noqa: A002 - the protocol's word
        """Write the set; see `Writer.write`."""
        for name, part in files_of(check_delivery(profiles, id), id):
            try:
                put(self.folder, name, part.to_bytes())
            except OSError as error:
                reason = error.strerror or str(error)
                raise WriterError(
                    f"cannot write {os.path.join(self.folder, *name.split('/'))!r}: {reason}"
                ) from error

    def __repr__(self) -> str:
        return f"DirectoryWriter({self.folder!r})"


def open_url(url: Url) -> DirectoryWriter:
    """Open the folder that a ``file://`` URL names."""
    return DirectoryWriter(file_path(url))
