"""A progress bar on standard error, for work that takes longer than half a second."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TYPE_CHECKING, Self, TextIO

from tidegauge.display.blocks import bar
from tidegauge.display.cells import clean, cut, pad
from tidegauge.display.numbers import data_size

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_QUIET_SECONDS = 0.5
_REDRAW_SECONDS = 0.1
_BAR_CELLS = 24


class Progress:
    """Draws bytes done of bytes in all over several files; a context manager that wipes its line at the end.

    Args:
        total: Bytes of all files; 0 when that is not known.
        stream: Where to draw; nothing is drawn unless it is a terminal.
        clock: Tells the time in seconds.
    """

    def __init__(
        self, total: int, *, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._total = total
        self._clock = clock
        self._begun = clock()
        self._drawn = self._begun + _QUIET_SECONDS - _REDRAW_SECONDS
        self._finished = 0
        self._file = ""
        self._visible = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._visible:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()

    def begin(self, file: str) -> None:
        """Name the file that comes next."""
        self._file = file

    def end(self, size: int) -> None:
        """Count a file of so many bytes as done."""
        self._finished += size

    def callback(self) -> Callable[[int, int], None] | None:
        """Return what the kernel shall call with the bytes done of this file; None when nobody watches."""
        return self._update if self._stream.isatty() else None

    def _update(self, done: int, _total_of_file: int) -> None:
        now = self._clock()
        if now - self._drawn < _REDRAW_SECONDS:
            return
        self._drawn = now
        self._visible = True
        cells = max(20, shutil.get_terminal_size((80, 24)).columns - 1)
        self._stream.write(
            "\r" + pad(cut(self._line(self._finished + done, now - self._begun), cells), cells)
        )
        self._stream.flush()

    def _line(self, done: int, seconds: float) -> str:
        rate = f"{data_size(done / seconds)}/s" if seconds > 0 else ""
        if not self._total:
            return f"{data_size(done)}  {rate}  {clean(self._file)}"
        part = min(1.0, done / self._total)
        drawn = pad(bar(part, _BAR_CELLS), _BAR_CELLS)
        size = f"{data_size(done)} of {data_size(self._total)}"
        return f"{drawn} {100 * part:3.0f}%  {size}  {rate}  {clean(self._file)}"
