"""Derived columns: computed from others while data is logged, by an expression or by a function of yours."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tidegauge.errors import ArgumentError, DataError
from tidegauge.expressions import Expression
from tidegauge.frames.columns import column_of, is_column

if TYPE_CHECKING:
    from tidegauge._kernel import KernelArray


class Derivation:
    """How a function computes a derived column; made with `derive`.

    Example:
        >>> import tidegauge as tg
        >>> tg.derive(len, ["city"]).columns
        ('city',)
    """

    __slots__ = ("_columns", "_function")

    def __init__(self, function: Callable[..., Any], columns: Sequence[str]) -> None:
        self._function = function
        self._columns = tuple(columns)

    @property
    def function(self) -> Callable[..., Any]:
        """The function."""
        return self._function

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is called with, in order."""
        return self._columns

    def __repr__(self) -> str:
        """Show how it was made."""
        name = getattr(self._function, "__qualname__", repr(self._function))
        return f"derive({name}, {list(self._columns)!r})"


def derive(function: Callable[..., Any], columns: Sequence[str]) -> Derivation:
    """State that a function of whole columns computes a derived column.

    The function is called once for each batch, with one argument for each column. ``pyarrow.array(column)``,
    ``polars.Series(column)`` and ``numpy.asarray(column)`` convert an argument; ``column.to_pylist()`` needs
    no library. A column that a batch lacks is all null.

    Args:
        function: The function that computes the values, one for each record. It may return an Arrow array, a
            NumPy array, a pandas or polars series, or a list.
        columns: Names of the columns it needs; ``parent.child`` for a field of a struct.

    Returns:
        A value for `tidegauge.log` and the like, as in ``derived={"hour": derive(function, ["pickup"])}``.

    Raises:
        ArgumentError: `function` is not a function, or `columns` are not names.

    Example:
        >>> import tidegauge as tg
        >>> def initial(names):
        ...     return [name and name[0] for name in names.to_pylist()]
        >>> cities = {"city": ["Oslo", "Rome", None]}
        >>> profile = tg.log(cities, derived={"initial": tg.derive(initial, ["city"])})
        >>> [item.value for item in profile["initial"].frequent_items.top(2)]
        ['O', 'R']
    """
    if not callable(function):
        raise ArgumentError(f"derive() takes a function of columns, not {type(function).__name__}")
    given: object = columns
    names = [given] if isinstance(given, str) else list(given) if isinstance(given, Iterable) else []
    if not names or not all(isinstance(name, str) for name in names):
        raise ArgumentError(f"derive() takes the names of at least one column, not {columns!r}")
    return Derivation(function, names)


def formulas(derived: Any, *, failures: dict[str, int] | None = None) -> list[tuple[str, object]]:
    """Check what was given as ``derived=``; return it as the kernel expects it.

    Args:
        derived: Name → expression, its text, or what `derive` returned.
        failures: When given, a function that raises gives nulls, and is counted here by column; when None
            its exception is passed on.

    Raises:
        ArgumentError: It is not such a dict.
    """
    if not isinstance(derived, Mapping):
        raise ArgumentError(
            f"derived= takes a dict from names to expressions, not {type(derived).__name__}; "
            "as in {'total': col('fare') + col('tip')}"
        )
    made: list[tuple[str, object]] = []
    for name, formula in derived.items():
        if not isinstance(name, str):
            raise ArgumentError(f"derived columns have names of text, not {name!r}")
        if isinstance(formula, Derivation):
            made.append((name, (list(formula.columns), _Function(name, formula.function, failures))))
        elif isinstance(formula, Expression | str):
            made.append((name, str(formula)))
        else:
            raise ArgumentError(
                f"derived column {name!r} is computed by an expression such as col('fare') + col('tip'), by "
                f"its text, or by derive(function, columns); got {type(formula).__name__}"
            )
    return made


class _Function:
    """A function of whole columns as the kernel calls it: what it returns is a column for the kernel."""

    def __init__(self, name: str, function: Callable[..., Any], failures: dict[str, int] | None) -> None:
        self._name = name
        self._function = function
        self._failures = failures

    def __call__(self, *columns: KernelArray) -> object:
        if self._failures is None:
            return self._values(columns)
        try:
            return self._values(columns)
        except Exception:  # noqa: BLE001 - a service goes on; the failure is counted
            self._failures[self._name] = self._failures.get(self._name, 0) + 1
            return [None] * len(columns[0])

    def _values(self, columns: Collection[KernelArray]) -> object:
        rows = len(next(iter(columns)))
        values = self._function(*columns)
        if not is_column(values):
            raise DataError(
                f"the function of derived column {self._name!r} gave {type(values).__name__}; "
                "expected an array, a series or a list with one value a record"
            )
        if len(values) != rows:
            raise DataError(
                f"the function of derived column {self._name!r} gave {len(values)} values for {rows} records"
            )
        return column_of(values)
