"""Which metrics of users' own are registered in this process, and merging several states into one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from tidegauge import _kernel
from tidegauge.metrics.custom import checked_metric, state_of, wanted_metrics

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.metadata import EntryPoint

    from tidegauge._kernel import KernelProfile
    from tidegauge.metrics.custom import Metric

GROUP = "tidegauge.metrics"
"""The group of entry points by which packages bring metrics."""

_known: dict[str, Metric[Any]] = {}


def register_metric(metric: Metric[Any]) -> None:
    """Register a metric, so that profiles that keep it can be read and merged.

    Metrics given to `tidegauge.log` or `tidegauge.Profiler` are registered from then on; those of installed
    packages with an entry point in the group ``tidegauge.metrics`` always are. Of two metrics with one name,
    the one registered last counts.

    Args:
        metric: The metric; see `tidegauge.Metric`.

    Raises:
        ArgumentError: It is not a metric.

    Example:
        >>> import tidegauge as tg
        >>> tg.register_metric("acme.entropy")
        Traceback (most recent call last):
        ...
        tidegauge.errors.ArgumentError: str is no metric: it has no name, version, types, zero, update, \
merge, to_bytes, from_bytes, summary; see tidegauge.Metric
    """
    _known[checked_metric(metric).name] = metric


def registered_metrics(given: Any) -> list[tuple[str | None, Metric[Any]]]:
    """Check what was given as ``metrics=``, and register it; see `wanted_metrics`."""
    wanted = wanted_metrics(given)
    _known.update((metric.name, metric) for _, metric in wanted)
    return wanted


def known_metric(name: str) -> Metric[Any] | None:
    """Return the metric of that name; None when it is not registered here."""
    known = _known.get(name)
    return _of_package(name) if known is None else known


@cache
def _entry_points() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group=GROUP)}


@cache
def _of_package(name: str) -> Metric[Any] | None:
    """The metric that an installed package brings; one that cannot be loaded is told of and not known."""
    point = _entry_points().get(name)
    if point is None:
        return None
    try:
        found = point.load()
        return checked_metric(found() if isinstance(found, type) else found)
    except Exception:  # noqa: BLE001 - a broken package must not break the reading of profiles
        _warn("metric %s cannot be loaded from %s", name, point.value)
        return None


def folded(kernel: KernelProfile) -> KernelProfile:
    """Return a profile in which every registered metric has one state for each column.

    States that the metric itself cannot read stay as they are.
    """
    states: dict[str, dict[str, tuple[int, bytes]]] = {}
    for column, name, parts in kernel.split_states:
        metric = known_metric(name)
        if metric is None:
            continue
        try:
            data = metric.to_bytes(state_of(metric, parts))
        except (Exception, SystemExit):  # noqa: BLE001 - users' code, which may raise anything; nothing is lost
            _warn("metric %s cannot merge its states of column %s; they are kept apart", name, column)
            continue
        states.setdefault(column, {})[name] = (metric.version, data)
    return kernel.with_states(states) if states else kernel


def merged_alike(kernels: Sequence[KernelProfile]) -> list[KernelProfile]:
    """Merge profiles of one dataset, segment and window each with each, in the order of their first."""
    return [folded(kernel) for kernel in _kernel.merge_alike(kernels)]


def _warn(message: str, *values: str) -> None:
    import logging

    # Only called while an exception is being handled, which `exc_info` then shows.
    logging.getLogger("tidegauge").warning(message, *values, exc_info=True)  # noqa: LOG014
