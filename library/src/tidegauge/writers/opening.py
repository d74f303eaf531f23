"""``open_writer``: from a target to its writer. Each kind is a module, imported when it is first needed."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, cast

from tidegauge.errors import ArgumentError
from tidegauge.locations.url import MODULES, is_url, parse_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidegauge.profile_set import ProfileSet
    from tidegauge.writers.writer import Writer


def open_writer(
    target: str | os.PathLike[str] | Writer | Callable[[ProfileSet, str], object],
) -> Writer:
    """Open a writer for the target that profiles are to be delivered to.

    Nothing is delivered yet, and no connection is made: an unreachable target shows at the first ``write``.

    Args:
        target: The path of a folder, or a URL: ``file://``, ``s3://``, ``gs://``, ``az://``, ``abfss://``,
            ``memory://``, ``http://``, ``https://``; or a writer, which is returned unchanged; or a function,
            which is called with the profile set and the id of the delivery.

    Returns:
        A writer.

    Raises:
        ArgumentError: The scheme of the URL is unknown, the target is something else, or it is a function
            that cannot accept a delivery.
        MissingLibraryError: The URL is of an object store, and obstore is not installed.

    Example:
        >>> import tempfile, uuid
        >>> import tidegauge as tg
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     writer = tg.writers.open_writer(folder)
        ...     days = tg.log({"t": ["2026-11-28"], "x": [1]}, "taxi", timestamp="t", window="1d")
        ...     writer.write(days, id=uuid.uuid4().hex)
        ...     tg.read(folder, dataset="taxi", since="2026-11-28") == days
        True
    """
    if isinstance(target, str | os.PathLike):
        text = os.fspath(target)
        if is_url(text):
            url = parse_url(text)
            opened = import_module(f"tidegauge.writers.{MODULES[url.scheme]}").open_url(url)
            return cast("Writer", opened)
        from tidegauge.writers.directory import DirectoryWriter

        return DirectoryWriter(text)
    # Not a class, which must be instantiated first, and not an open file, whose `write` is another one.
    if (
        not isinstance(target, type)
        and callable(getattr(target, "write", None))
        and not hasattr(target, "fileno")
    ):
        from tidegauge.writers.function import check_method

        writer = cast("Writer", target)
        check_method(writer.write, type(writer).__name__)
        return writer
    if callable(target):
        from tidegauge.writers.function import FunctionWriter

        return FunctionWriter(target)
    raise ArgumentError(
        f"{target!r} is no writer; expected the path of a folder, a URL such as 's3://bucket/profiles', "
        "a function of a profile set and an id, or an object with write(profiles, *, id)"
    )
