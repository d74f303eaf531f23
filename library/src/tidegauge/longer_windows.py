"""Profiles put into longer windows than their own, in which they then merge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge import _kernel
from tidegauge.errors import ArgumentError
from tidegauge.profile import Profile, kernel_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Zone = tuple[tuple[int, int], ...]


def in_windows_of(profiles: Iterable[Profile], length: str, zone: Zone | None) -> Iterator[Profile]:
    """Put each profile into the window of that length that contains its own; those without one are unchanged.

    Args:
        profiles: Profiles of windows.
        length: The length of the longer windows, as `tidegauge.windows.window_text` returns it.
        zone: The offsets of a time zone, as `tidegauge.windows.zones.zone_of` returns them; UTC when None.

    Raises:
        ArgumentError: A window extends past the end of a longer one.
    """
    longer: dict[tuple[int, int], tuple[int, int]] = {}
    for profile in profiles:
        kernel = kernel_of(profile)
        start, end = kernel.window_start, kernel.window_end
        if start is None or end is None:
            yield profile
            continue
        bounds = longer.get((start, end)) or _kernel.window_bounds(length, start, zone)
        if end > bounds[1]:
            reach = " to ".join(moment.isoformat() for moment in profile.window or ())
            raise ArgumentError(
                f"a window from {reach} does not fit into windows of {length}; give a length that is a "
                "multiple of its own, and the timezone= in which it begins"
            )
        longer[start, end] = bounds
        yield Profile(kernel.replace(window=bounds))


def in_one_window(profiles: Iterable[Profile]) -> Iterator[Profile]:
    """Put all profiles of a dataset into one window, from the start of the first to the end of the last."""
    kernels = [kernel_of(profile) for profile in profiles]
    bounds: dict[str | None, tuple[int, int]] = {}
    for kernel in kernels:
        start, end = kernel.window_start, kernel.window_end
        if start is not None and end is not None:
            first, last = bounds.get(kernel.dataset, (start, end))
            bounds[kernel.dataset] = min(first, start), max(last, end)
    for kernel in kernels:
        dated = kernel.window_start is not None
        yield Profile(kernel.replace(window=bounds[kernel.dataset]) if dated else kernel)
